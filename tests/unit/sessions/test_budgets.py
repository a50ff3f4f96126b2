"""A turn that reaches a budget asks a person, and goes on after the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from audit.chains import session_chain
from ink_core.clock import ManualClock
from ink_core.db import Database
from manager.agent.choice import ModelFacts
from manager.agent.context_budget import cost
from manager.agent.model import ModelReply, ModelRequest, ModelThrottled, RequestedCall, TrustClass
from manager.budgets.amounts import Amounts, Limits
from manager.budgets.desk import SiteLimits
from manager.limits import LimitsDesk
from manager.replay import replay
from manager.sessions.live import Delta
from manager.sessions.service import SessionNotFound, SessionService
from manager.tasks.desk import TaskDesk
from tests.doubles.empty_database import empty_database
from tests.unit.budgets.desks import desk_on
from tests.unit.sessions.setting import ALICE, BOB, Setting, SharedOut, Step, calls, says

ENOUGH = Limits(tokens=1_000_000)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = empty_database(f"sqlite:///{tmp_path}/ink.db")
    yield made
    made.close()


def setting(database: Database, *steps: Step, limits: SiteLimits | None = None) -> Setting:
    made = Setting(*steps)
    made.model.trust = TrustClass.SITE
    made.budgets = desk_on(database, limits or SiteLimits(), ManualClock(), ledger=made.ledger)
    return made


def limits_of(at: Setting, service: SessionService) -> LimitsDesk:
    assert at.budgets is not None
    return LimitsDesk(at.ledger, at.budgets, service, TaskDesk(at.ledger))


def costs(prompt: int, completion: int) -> Step:
    return lambda _: replace(ModelReply("Done.", ()), prompt_tokens=prompt, completion_tokens=completion)


@pytest.mark.requirement("AGENT-BUDGET-02")
async def test_at_the_cap_the_owner_is_asked_and_the_turn_goes_on_after_the_answer(database: Database) -> None:
    at = setting(database, says("Hello."), limits=SiteLimits(session=Limits(tokens=100)))
    service = await at.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hello")
    asked = await at.until(session.session_id, "budget.asked")
    assert (asked.body["measures"], asked.body["limits"]) == (["tokens"], {"tokens": 100})
    assert at.model.requests == []
    view = await service.get(ALICE, session.session_id)
    assert (view.running, view.over_budget) == (True, True)
    with pytest.raises(SessionNotFound):
        await limits_of(at, service).of_session(BOB, session.session_id, ENOUGH)
    await limits_of(at, service).of_session(ALICE, session.session_id, ENOUGH)
    await at.until(session.session_id, "turn.ended")
    assert len(at.model.requests) == 1
    assert not (await service.get(ALICE, session.session_id)).over_budget


@pytest.mark.requirement("AGENT-BUDGET-02")
async def test_the_question_outlives_a_restart(database: Database) -> None:
    at = setting(database, says("Hello."), limits=SiteLimits(user=Limits(tokens=100)))
    first = await at.start()
    session = await first.open(ALICE, "", None)
    await first.post(ALICE, session.session_id, "hello")
    await at.until(session.session_id, "budget.asked")
    await first.close()
    second = await at.start()
    assert at.budgets is not None
    assert at.model.requests == []
    await at.budgets.raise_user("alice", ENOUGH, "admin")
    await second.budget_raised("admin", username="alice")
    assert (await at.until(session.session_id, "turn.ended")).body["reason"] == "answered"


async def test_a_turn_that_waits_for_a_budget_can_be_stopped(database: Database) -> None:
    at = setting(database, limits=SiteLimits(site=Limits(tokens=1)))
    service = await at.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hello")
    await at.until(session.session_id, "budget.asked")
    await service.stop(ALICE, session.session_id)
    assert (await at.until(session.session_id, "turn.ended")).body["reason"] == "stopped"
    assert not (await service.get(ALICE, session.session_id)).over_budget


async def test_a_reply_is_counted_by_the_provider(database: Database) -> None:
    assert await spent_on(database, costs(1200, 30)) == Amounts(tokens=1230)


async def test_a_reply_of_a_provider_that_counts_nothing_is_estimated(database: Database) -> None:
    assert (await spent_on(database, says("uncounted " * 40))).tokens > 100


@pytest.mark.requirement("AGENT-LOOP-09")
async def test_a_summary_of_a_conversation_is_paid_for_and_what_was_spent_stays_spent(database: Database) -> None:
    at = setting(database, costs(7_000, 10), costs(14_000, 10), costs(8_000, 10), costs(14_000, 10))
    service = await at.start()
    session = await service.open(ALICE, "", None)
    for turn in (1, 2, 3):
        await service.post(ALICE, session.session_id, "word " * 5_280)
        await at.until(session.session_id, "turn.ended", lambda event, turn=turn: event.body["turn"] == turn)
    assert "conversation.compacted" in await at.kinds(session.session_id)
    assert at.budgets is not None
    assert (await at.budgets.of_user("alice")).spent == Amounts(tokens=43_040)


async def test_a_reply_that_is_read_and_stopped_before_its_end_is_paid_for(database: Database) -> None:
    at = setting(database, says("one two three four"))
    at.model.hold = asyncio.Event()
    service = await at.start()
    session = (await service.open(ALICE, "", None)).session_id
    await service.post(ALICE, session, "count")
    async with aclosing(service.stream(ALICE, session, 0)) as pieces, asyncio.timeout(100):
        while not isinstance(await anext(pieces), Delta):
            pass
    await service.stop(ALICE, session)
    async with asyncio.timeout(100):
        while service.at_work:
            await asyncio.sleep(0.01)
    assert at.budgets is not None
    account = await at.budgets.of_user("alice")
    sent = await at.until(session, "model.sent")
    assert isinstance(sent.body["bytes"], int)
    assert (account.spent.tokens > sent.body["bytes"] // 3, account.reserved) == (True, Amounts())


async def test_a_question_that_failed_costs_nothing(database: Database) -> None:
    def fails(_: object) -> ModelReply:
        raise ModelThrottled("busy")

    assert await spent_on(database, fails) == Amounts()


async def spent_on(database: Database, step: Step) -> Amounts:
    at = setting(database, step)
    service = await at.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hello")
    await at.until(session.session_id, "turn.ended")
    assert at.budgets is not None
    return (await at.budgets.of_user("alice")).spent


@pytest.mark.requirement("AUDIT-REPLAY-01")
async def test_a_session_that_waited_for_a_budget_is_played_again(database: Database) -> None:
    at = setting(database, says("Hello."), limits=SiteLimits(session=Limits(tokens=100)))
    service = await at.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hello")
    await at.until(session.session_id, "budget.asked")
    await limits_of(at, service).of_session(ALICE, session.session_id, ENOUGH)
    await at.until(session.session_id, "turn.ended")
    catalogue = at.catalogue
    assert catalogue is not None
    events = await at.ledger.read(session_chain(session.session_id))
    result = replay(events, lambda principal: catalogue.allowed(principal.scopes))
    assert (result.problems, result.identical) == ([], 1)


@pytest.mark.requirement("AGENT-BUDGET-01", "AGENT-BUDGET-02")
async def test_at_the_cap_of_calls_the_turn_waits_and_makes_the_call_after_the_answer(database: Database) -> None:
    limits = SiteLimits(session=Limits(calls=1))
    at = setting(database, calls("remove_jobs"), calls("remove_jobs"), says("Two."), limits=limits)
    first = await at.start()
    session = (await first.open(ALICE, "", None)).session_id
    await first.post(ALICE, session, "count twice")
    asked = await at.until(session, "budget.asked")
    assert (asked.body["measures"], asked.body["limits"], at.ran) == (["calls"], {"calls": 1}, 1)
    await first.close()
    second = await at.start()
    await limits_of(at, second).of_session(ALICE, session, Limits(calls=2))
    assert (await at.until(session, "turn.ended")).body["reason"] == "answered"
    assert at.ran == 2
    catalogue = at.catalogue
    assert catalogue is not None
    events = await at.ledger.read(session_chain(session))
    assert replay(events, lambda principal: catalogue.allowed(principal.scopes)).problems == []


def calls_twice(request: ModelRequest) -> ModelReply:
    return ModelReply("", tuple(RequestedCall(f"m{n}", "remove_jobs", {}, "{}") for n in (1, 2)))


@pytest.mark.requirement("AGENT-BUDGET-02")
async def test_of_several_calls_those_that_fit_are_made_and_the_others_after_the_answer(database: Database) -> None:
    at = setting(database, calls_twice, says("Two."), limits=SiteLimits(user=Limits(calls=1)))
    service = await at.start()
    session = (await service.open(ALICE, "", None)).session_id
    await service.post(ALICE, session, "count twice at once")
    await at.until(session, "budget.asked")
    await at.until(session, "call.outcome")
    await limits_of(at, service).of_user("admin", "alice", Limits())
    assert (await at.until(session, "turn.ended")).body["reason"] == "answered"
    assert at.ran == 2
    catalogue = at.catalogue
    assert catalogue is not None
    events = await at.ledger.read(session_chain(session))
    assert replay(events, lambda principal: catalogue.allowed(principal.scopes)).problems == []


async def test_a_turn_in_a_task_goes_on_when_the_budget_of_the_task_is_raised(database: Database) -> None:
    at = setting(database, says("Hello."), limits=SiteLimits(task=Limits(tokens=1)))
    at.access = SharedOut()
    service = await at.start()
    session = (await service.open(ALICE, "", None, task_id="t1")).session_id
    await service.post(ALICE, session, "hello")
    asked = await at.until(session, "budget.asked")
    assert asked.body["account"] == "task t1"
    assert at.budgets is not None
    await at.budgets.raise_task("t1", ENOUGH, "alice")
    await service.budget_raised("alice", task_id="t1")
    assert (await at.until(session, "turn.ended")).body["reason"] == "answered"


async def test_limits_of_a_task_that_a_crash_kept_from_coming_into_force_do_so_at_the_next_start(
    database: Database,
) -> None:
    at = setting(database)
    service, desk = await at.start(), TaskDesk(at.ledger)
    assert at.budgets is not None
    task = await desk.open("alice", "Calibration")
    await desk.limit("alice", task.task_id, ENOUGH)
    await LimitsDesk(at.ledger, at.budgets, service, desk).recover()
    assert (await at.budgets.of_task(task.task_id)).limits == ENOUGH


async def test_how_much_of_the_context_is_used_is_told_by_the_request_and_then_by_the_provider(
    database: Database,
) -> None:
    at = setting(database, costs(1200, 30))
    at.model.hold = asyncio.Event()
    service = await at.start()
    session = (await service.open(ALICE, "", None)).session_id
    assert (await service.get(ALICE, session)).context_tokens == 0
    await service.post(ALICE, session, "hello")
    sent = await at.until(session, "model.sent")
    size = sent.body["bytes"]
    assert isinstance(size, int)
    assert (await service.get(ALICE, session)).context_tokens == size // 3 + 1
    at.model.hold.set()
    await at.until(session, "turn.ended")
    assert (await service.get(ALICE, session)).context_tokens == 1230


@pytest.mark.requirement("AGENT-PROVIDER-04")
async def test_a_request_is_made_for_what_the_model_of_the_session_can_take_in(database: Database) -> None:
    at = setting(database, says("Hello."))
    at.known = {at.model.name: ModelFacts(context_tokens=8_000)}
    service = await at.start()
    session = (await service.open(ALICE, "", None)).session_id
    await service.post(ALICE, session, "hello " * 20_000)
    await at.until(session, "turn.ended")
    (request,) = at.model.requests
    assert request.budget == (6_000, 2_000)
    assert cost(request.turns) < 6_000

"""A turn that reaches a budget asks a person, and goes on after the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from audit.chains import session_chain
from ink_core.clock import ManualClock
from ink_core.db import Database
from manager.agent.model import ModelReply, ModelThrottled, TrustClass
from manager.budgets.amounts import Amounts, Limits
from manager.budgets.desk import BudgetDesk, SiteLimits
from manager.budgets.usage import UsageBook
from manager.replay import replay
from manager.sessions.service import SessionNotFound
from tests.unit.sessions.setting import ALICE, BOB, Setting, Step, says

ENOUGH = Limits(tokens=1_000_000)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/ink.db")
    made.migrate()
    yield made
    made.close()


def setting(database: Database, *steps: Step, limits: SiteLimits | None = None) -> Setting:
    made = Setting(*steps)
    made.model.trust = TrustClass.SITE
    made.budgets = BudgetDesk(UsageBook(database), limits or SiteLimits(), {}, ManualClock())
    return made


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
        await service.raise_budget(BOB, session.session_id, ENOUGH)
    await service.raise_budget(ALICE, session.session_id, ENOUGH)
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
    await second.user_budget_raised("alice", "admin")
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
    assert await at.budgets.spent_by("alice") == Amounts(tokens=43_040)


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
    return await at.budgets.spent_by("alice")


@pytest.mark.requirement("AUDIT-REPLAY-01")
async def test_a_session_that_waited_for_a_budget_is_played_again(database: Database) -> None:
    at = setting(database, says("Hello."), limits=SiteLimits(session=Limits(tokens=100)))
    service = await at.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hello")
    await at.until(session.session_id, "budget.asked")
    await service.raise_budget(ALICE, session.session_id, ENOUGH)
    await at.until(session.session_id, "turn.ended")
    catalogue = at.catalogue
    assert catalogue is not None
    events = await at.ledger.read(session_chain(session.session_id))
    result = replay(events, lambda principal: catalogue.allowed(principal.scopes))
    assert (result.problems, result.identical) == ([], 1)

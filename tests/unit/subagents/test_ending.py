"""How the work of sub-agents ends before it is done: with their parent, by a person, by the clock, by a crash."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from audit.chains import session_chain
from audit.ledger import Record
from ink_core.errors import SchedulerRefused
from manager.agent.model import ModelReply
from manager.budgets.amounts import Limits
from manager.budgets.desk import SiteLimits
from manager.gate.call import CallStatus
from manager.subagents.standing import standing
from mcp_tools.context import AgentStatus
from mcp_tools.doubles import MemoryLauncher
from tests.unit.subagents.conftest import Start
from tests.unit.subagents.family import (
    ALICE,
    WORD,
    Cast,
    Family,
    ReadyLauncher,
    delegates,
    hands_in,
    profile,
    reply,
)

FOUND = {"find": [delegates(("finder", "look: figs")), ModelReply("found", ())], "look": [hands_in()]}
TREE = {
    "find": [delegates(*(("deep", f"middle {n}") for n in range(4)))],
    "middle": [delegates(*(("deep", f"low {n}") for n in range(3)))],
    "low": [hands_in()],
}


async def _tree(start: Start, folder: Path) -> tuple[Family, str]:
    """Four children with three each, all at work."""
    profile(folder, "deep", tools="delegate, list_jobs", scopes="agent:use, jobs:read")
    model = Cast(TREE)
    model.hold["low"] = asyncio.Event()
    family = await start(model)
    session = await family.ask("find figs for me")
    async with asyncio.timeout(100):
        while sum(part == "low" for part, _ in model.requests) < 12:
            await asyncio.sleep(0)
    return family, session


@pytest.mark.requirement("AGENT-SUB-04")
async def test_stopping_a_session_ends_all_below_it_at_once(start: Start, tmp_path: Path) -> None:
    family, session = await _tree(start, tmp_path)
    async with asyncio.timeout(100):  # milliseconds, as `make bench NAME=spawn` measures
        await family.sessions.stop(ALICE, session)
        while any([(await family.sessions.view(child)).running for child in await family.children()]):
            await asyncio.sleep(0)
    assert len(await family.children()) == 16
    for child in await family.children():
        ends = [event.body["reason"] for event in await family.events(child) if event.kind == "turn.ended"]
        assert ends == ["stopped"]
    async with asyncio.timeout(100):
        while family.gate.book.open_calls():
            await asyncio.sleep(0)
    assert {each["error"]["code"] for each in await family.outcomes(session)} == {"cancelled"}


async def test_a_lock_on_a_session_ends_all_below_it(start: Start, tmp_path: Path) -> None:
    family, session = await _tree(start, tmp_path)
    await family.sessions.halt(session, "session was locked")  # as the kill switch does
    async with asyncio.timeout(100):
        while any([(await family.sessions.view(child)).running for child in await family.children()]):
            await asyncio.sleep(0)


async def test_what_was_stopped_before_a_crash_is_ended_after_it(start: Start, tmp_path: Path) -> None:
    family, session = await _tree(start, tmp_path)
    view = await family.sessions.view(session)
    body = {"turn": view.turn, "reason": "stopped", "detail": "stopped by alice"}
    await family.ledger.append(view.chain, Record("turn.ended", body))
    later = await family.again()
    try:
        async with asyncio.timeout(100):
            while later.gate.book.open_calls():
                await asyncio.sleep(0)
        assert not any([(await later.sessions.view(child)).running for child in await later.children()])
    finally:
        await later.close()


async def test_a_person_stops_one_sub_agent_and_its_parent_goes_on(start: Start) -> None:
    model = Cast(
        {**FOUND, "find": [delegates(("finder", "look: figs"), ("finder", "wait")), ModelReply("one", ())], "wait": []}
    )
    model.hold["wait"] = asyncio.Event()
    family = await start(model)
    session = await family.ask("find figs for me")
    async with asyncio.timeout(100):
        while not any(part == "wait" for part, _ in model.requests):
            await asyncio.sleep(0)
    await family.sessions.stop(ALICE, (await family.children())[-1])
    ended = await family.until(session, "turn.ended")
    assert ended.body["reason"] == "answered"
    done, stopped = await family.outcomes(session)
    assert done["status"] == "done"
    assert stopped["error"]["code"] == "stopped"
    assert "alice" in stopped["error"]["message"]


async def test_one_that_never_ends_is_ended_by_the_clock_of_its_profile(start: Start) -> None:
    model = Cast(FOUND)
    model.hold["look"] = asyncio.Event()
    family = await start(model)
    session = await family.ask("find figs for me")
    async with asyncio.timeout(100):
        while not any(part == "look" for part, _ in model.requests):
            await asyncio.sleep(0)
    family.clock.advance(6 * 60)
    await family.ledger.append(session_chain(session), Record("session.changed", {"title": "figs"}))
    await family.until(session, "turn.ended")
    (outcome,) = await family.outcomes(session)
    assert outcome["error"]["code"] == "timed_out"
    assert "5 minutes" in outcome["error"]["message"]


async def test_a_child_whose_call_was_given_up_does_not_go_on_for_nobody(start: Start) -> None:
    model = Cast(FOUND)
    model.hold["look"] = asyncio.Event()
    family = await start(model)
    session = await family.ask("find figs for me")
    async with asyncio.timeout(100):
        while not any(part == "look" for part, _ in model.requests):
            await asyncio.sleep(0)
    (child,) = await family.children()
    await family.gate.stop(f"{session}.1.0", "alice")
    await family.until(session, "turn.ended")
    await family.desk.end_unwatched()
    assert not (await family.sessions.view(child)).running


async def test_a_child_whose_call_was_given_up_leaves_no_worker(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "worker", worker="own")
    model = Cast({**FOUND, "find": [delegates(("worker", "look: figs"))]})
    model.hold["look"] = asyncio.Event()
    launcher = ReadyLauncher()
    family = await (await start(model)).again(launcher=launcher)
    session = await family.ask("find figs for me")
    async with asyncio.timeout(100):
        while not any(part == "look" for part, _ in model.requests):
            await asyncio.sleep(0)
    await family.gate.stop(f"{session}.1.0", "alice")
    await family.until(session, "turn.ended")
    await family.desk.end_unwatched()
    await family.close()
    assert [agent.state for agent in launcher.agents.values()] == ["gone"]


async def test_a_crash_at_any_record_repeats_nothing_and_loses_nothing(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "worker", worker="own")
    parts = {
        "find": [delegates(("finder", "look: figs"), ("worker", "look: pears")), ModelReply("found", ())],
        "look": [reply(("list_jobs", {})), hands_in()],
    }
    whole = await (await start(Cast(parts))).again(launcher=ReadyLauncher())
    session = await whole.ask("find figs for me")
    await whole.until(session, "turn.ended")
    length = len(whole.ledger.written)
    assert {each["status"] for each in await whole.outcomes(session)} == {"done"}
    await whole.close()
    for writings in range(2, length + 1):
        launcher = ReadyLauncher()
        later = await whole.again(writings, launcher)
        await later.until(session, "turn.ended")
        outcomes = await later.outcomes(session)
        assert [each["result"]["result"] for each in outcomes] == [{"word": WORD}] * 2, writings
        assert len(await later.children()) == 2, writings
        assert all(agent.state == "gone" for agent in launcher.agents.values()), writings
        await later.close()


async def test_a_worker_of_its_own_is_launched_and_stopped_with_the_sub_agent(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "worker", worker="own")
    family = await start(Cast({**FOUND, "find": [delegates(("worker", "look: figs"))]}))
    launcher = ReadyLauncher()
    family = await family.again(launcher=launcher)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    await family.close()
    (agent,) = launcher.agents.values()
    view = await family.sessions.view((await family.children())[0])
    assert (view.worker_id, agent.state, agent.user) == (agent.worker_id, "gone", "alice")
    launched = [each for each in await family.events(view.session_id) if each.kind == "call.proposed"]
    assert [(each.body["tool"], each.body["origin"]) for each in launched] == [
        ("launch_agent", "model"),
        ("hand_in", "model"),
        ("stop_agent", "harness"),
    ]


async def test_a_worker_is_stopped_also_where_the_sub_agent_has_used_up_its_calls(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "worker", worker="own")
    launcher = ReadyLauncher()
    used_up = SiteLimits(session=Limits(calls=13))  # a quarter of what is left: launch_agent, list_jobs, hand_in
    model = Cast({"find": [delegates(("worker", "look: figs"))], "look": [reply(("list_jobs", {})), hands_in()]})
    family = await start(model, limits=used_up, launcher=launcher)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (outcome,) = await family.outcomes(session)
    assert outcome["result"]["result"] == {"word": WORD}
    assert [agent.state for agent in launcher.agents.values()] == ["gone"]


@pytest.mark.parametrize(("cpu_s", "error"), [(1_199, "budget_exhausted"), (1_200, None)])
async def test_a_worker_of_its_own_counts_in_the_cpu_hours_of_a_sub_agent(
    start: Start, tmp_path: Path, cpu_s: int, error: str | None
) -> None:
    """One core for its five minutes, of a quarter of what its parent has left."""
    profile(tmp_path, "worker", worker="own", minutes=5)
    launcher = ReadyLauncher()
    model = Cast({**FOUND, "find": [delegates(("worker", "look: figs")), ModelReply("done", ())]})
    family = await start(model, limits=SiteLimits(session=Limits(cpu_s=cpu_s)), launcher=launcher)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (outcome,) = await family.outcomes(session)
    assert (outcome["error"] and outcome["error"]["code"]) == error
    assert len(launcher.agents) == (error is None)


async def test_a_parent_that_is_stopped_while_its_childs_worker_waits_leaves_no_worker(
    start: Start, tmp_path: Path
) -> None:
    profile(tmp_path, "worker", worker="own")
    family = await start(Cast({**FOUND, "find": [delegates(("worker", "look: figs"))]}))
    launcher = family.services.launcher
    assert isinstance(launcher, MemoryLauncher)
    session = await family.ask("find figs for me")
    async with asyncio.timeout(100):
        while not launcher.agents:
            await asyncio.sleep(0)
    await family.sessions.stop(ALICE, session)
    async with asyncio.timeout(100):
        while family.gate.book.open_calls():
            await asyncio.sleep(0)
    (agent,) = launcher.agents.values()
    assert agent.state == "gone"
    kinds = [each.kind for each in await family.events((await family.children())[0])]
    assert "user.message" not in kinds


async def test_a_person_stops_a_sub_agent_that_waits_for_its_worker_to_be_approved(
    start: Start, tmp_path: Path
) -> None:
    profile(tmp_path, "worker", worker="own")
    find = [reply(("list_jobs", {})), delegates(("worker", "look: figs")), ModelReply("stopped", ())]
    family = await start(Cast({**FOUND, "find": find}))
    session = await family.ask("find figs for me")
    async with asyncio.timeout(100):
        while not await family.children():
            await asyncio.sleep(0)
    (child,) = await family.children()
    await family.until(child, "approval.requested")
    assert standing(await family.sessions.view(child), family.gate) == ("waiting_approval", "")
    await family.sessions.stop(ALICE, child)
    await family.until(session, "turn.ended")
    (outcome,) = await family.outcomes(session)
    assert outcome["error"]["code"] == "stopped"
    assert standing(await family.sessions.view(child), family.gate)[0] == "stopped"


class Refusing(ReadyLauncher):
    async def launch(self, user: str, cluster: str, operation_id: str, wall_time_s: int | None = None) -> AgentStatus:
        raise SchedulerRefused("the queue takes no more jobs")


async def test_one_that_gets_no_worker_is_ended_and_its_parent_is_told_why(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "worker", worker="own")
    family = await start(Cast({**FOUND, "find": [delegates(("worker", "look: figs"))]}))
    family = await family.again(launcher=Refusing())
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    await family.close()
    (outcome,) = await family.outcomes(session)
    assert outcome["error"]["code"] == "no_worker"
    assert "takes no more jobs" in outcome["error"]["message"]


async def test_a_worker_that_a_tainted_goal_asks_for_waits_for_the_user(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "worker", worker="own")
    family = await start(Cast({**FOUND, "find": [reply(("list_jobs", {})), delegates(("worker", "look: figs"))]}))
    session = await family.ask("find figs for me")
    async with asyncio.timeout(100):
        while not await family.children():
            await asyncio.sleep(0)
    (child,) = await family.children()
    asked = await family.until(child, "approval.requested")
    assert asked.body["tool"] == "launch_agent"
    assert f"the sub-agent worker of session {session}" in str(asked.body["preview"])
    await family.sessions.stop(ALICE, session)
    async with asyncio.timeout(100):
        while family.gate.book.open_calls():
            await asyncio.sleep(0)
    assert family.gate.book.get(str(asked.body["call_id"])).status is CallStatus.REFUSED


@pytest.mark.parametrize("ends", ["done", "stopped"])
async def test_what_a_sub_agent_started_in_the_background_ends_with_it(start: Start, tmp_path: Path, ends: str) -> None:
    profile(tmp_path, "runner", tools="start_process", scopes="agent:use")
    runs = [reply(("start_process", {"argv": ["sleep", "600"]})), hands_in() if ends == "done" else delegates()]
    model = Cast({"find": [delegates(("runner", "look: figs")), ModelReply("found", ())], "look": runs})
    family = await start(model)
    session = await family.ask("find figs for me")
    if ends == "stopped":
        async with asyncio.timeout(30):
            while not await family.children():
                await asyncio.sleep(0)
        (child,) = await family.children()
        await family.until(child, "call.outcome")
        await family.sessions.stop(ALICE, session)
        async with asyncio.timeout(30):
            while family.gate.book.open_calls():
                await asyncio.sleep(0)
    else:
        await family.until(session, "turn.ended")
    (child,) = await family.children()
    (started,) = await family.outcomes(child, "start_process")
    assert family.stopped == [started["result"]["process_id"]]

"""Plan mode: agent and sub-agents look and change nothing until a person lets them; and the agent's to-do list."""

from __future__ import annotations

import pytest

from audit.chains import session_chain
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.errors import NotFound
from manager.agent.model import ToolTurn
from manager.gate.admission import Proposal
from manager.gate.call import CallState, CallStatus, Phase
from manager.gate.gate import Gate, GateLimits
from manager.gate.plan_mode import PLAN_MODE
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from manager.gate.session_switch import switched_record
from manager.sessions.delegation import Delegation
from manager.sessions.service import SessionService
from manager.sessions.switching import switch_plan_mode
from mcp_tools import todos
from mcp_tools.catalogue import BUILT_IN, default_catalogue
from mcp_tools.doubles import MemoryQueues, services
from mcp_tools.spec import Risk, ToolSpec
from tests.unit.sessions.setting import ADMIN, ALICE, BOB, Setting, calls, repeats_result, says

pytestmark = pytest.mark.requirement("AGENT-PLAN-01")


async def planning_session(setting: Setting, service: SessionService) -> str:
    session = await service.open(ALICE, "", None)
    view = await switch_plan_mode(service, ALICE, session.session_id, on=True)
    assert view.plan_mode
    return session.session_id


async def proposed(setting: Setting, session_id: str, call_id: str, origin: Origin = Origin.MODEL) -> CallState:
    assert setting.gate is not None
    chain = session_chain(session_id)
    await setting.gate.propose(Proposal(call_id, "remove_jobs", {}, ALICE, origin, chain))
    return await setting.gate.wait(call_id, 100)


async def test_the_agent_has_no_tool_that_changes_anything_and_its_calls_are_refused_with_the_reason() -> None:
    setting = Setting(calls("remove_jobs"), repeats_result, calls("remove_jobs"), says("done"))
    setting.tools = todos.TOOLS
    service = await setting.start()
    session_id = await planning_session(setting, service)
    await service.post(ALICE, session_id, "remove my job")
    await setting.until(session_id, "turn.ended")
    assert [tool.name for tool in setting.model.requests[0].tools] == ["write_todos"]
    assert "plan mode" in setting.model.requests[0].system
    refused = await setting.until(session_id, "call.refused")
    assert (refused.body["code"], setting.ran) == ("plan_mode", 0)
    told = setting.model.requests[1].turns[-1]
    assert isinstance(told, ToolTurn) and "alice has put this conversation into plan mode" in told.content
    assert not (await switch_plan_mode(service, ALICE, session_id, on=False)).plan_mode
    await service.post(ALICE, session_id, "now do it")
    await setting.until(session_id, "turn.ended", lambda event: event.body["turn"] == 2)
    assert "remove_jobs" in [tool.name for tool in setting.model.requests[2].tools]
    assert setting.ran == 1


async def test_it_holds_over_a_restart_and_for_sub_agents_at_any_depth() -> None:
    setting = Setting()
    session_id = await planning_session(setting, await setting.start())
    service = await setting.start()
    child = Delegation(call_id="c", profile="code-debug", tools=frozenset({"remove_jobs"}), ancestors=(session_id,))
    below = child.model_copy(update={"ancestors": (session_id, "s-between")})
    for number, delegation in enumerate((child, below)):
        opened = await service.open(ALICE, "", None, delegation=delegation)
        state = await proposed(setting, opened.session_id, f"c-child-{number}")
        assert state.error and state.error.code == "plan_mode"
    await switch_plan_mode(service, ALICE, session_id, on=False)
    opened = await service.open(ALICE, "", None, delegation=below)
    assert (await proposed(setting, opened.session_id, "c-later")).error is None


async def test_what_was_approved_before_does_not_run_either() -> None:
    setting = Setting(calls("remove_jobs", owner="bob"), says("it was not run"))
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "remove bob's job")
    asked = await setting.until(session.session_id, "approval.requested")
    await switch_plan_mode(service, ALICE, session.session_id, on=True)
    assert setting.gate is not None
    await setting.gate.desk.decide(str(asked.body["approval_id"]), ADMIN, True, "go", str(asked.body["digest"]))
    ended = await setting.until(session.session_id, "call.outcome")
    assert (ended.body["status"], ended.body["error"]["code"], setting.ran) == ("failed", "plan_mode", 0)  # type: ignore[index,call-overload]


async def test_what_a_person_does_by_hand_is_theirs() -> None:
    setting = Setting()
    session_id = await planning_session(setting, await setting.start())
    assert (await proposed(setting, session_id, "c-by-hand", Origin.USER)).status is CallStatus.DONE


async def test_nobody_else_switches_it_and_switching_it_twice_is_recorded_once() -> None:
    setting = Setting()
    service = await setting.start()
    session_id = await planning_session(setting, service)
    with pytest.raises(NotFound):
        await switch_plan_mode(service, BOB, session_id, on=False)
    await switch_plan_mode(service, ALICE, session_id, on=True)
    assert (await setting.kinds(session_id)).count("session.plan_mode") == 1


@pytest.mark.parametrize("spec", [spec for spec in BUILT_IN if spec.risk is not Risk.READ], ids=lambda spec: spec.name)
async def test_every_tool_that_is_more_than_a_look_is_refused(spec: ToolSpec) -> None:
    setting, policy = Setting(), load_policy(None)
    doubles = services(InProcessAgents({}), MemoryQueues({}))
    gate = Gate(setting.ledger, default_catalogue(), lambda: policy, doubles, ManualClock(), GateLimits())
    chain = session_chain("s1")
    await setting.ledger.append(chain, switched_record(PLAN_MODE, True, "alice"))
    state = await gate.propose(Proposal("c-1", spec.name, {}, ADMIN, Origin.MODEL, chain))
    assert (state.phase, state.error and state.error.code) == (Phase.ENDED, "plan_mode")


@pytest.mark.requirement("AGENT-PLAN-02")
async def test_the_list_of_what_is_to_be_done_is_the_last_one_that_was_written_also_after_a_restart() -> None:
    first = [{"text": "read the log", "state": "doing"}, {"text": "mend it"}]
    setting = Setting(
        calls("write_todos", items=first),
        calls("write_todos", items=[{"text": "read the log", "state": "done"}]),
        calls("write_todos", items=[{"text": "x", "state": "gone"}]),
        says("done"),
    )
    setting.tools = todos.TOOLS
    service = await setting.start()
    session_id = await planning_session(setting, service)
    await service.post(ALICE, session_id, "mend my job")
    await setting.until(session_id, "turn.ended")
    events = await setting.ledger.read(session_chain(session_id))
    outcomes = [event.body["result"] for event in events if event.kind == "call.outcome"]
    assert outcomes == [{"open": 1, "doing": 1, "done": 0}, {"open": 0, "doing": 0, "done": 1}]
    for again in (service, await setting.start()):
        seen = (await again.get(ALICE, session_id)).todos
        assert [(todo.text, todo.state) for todo in seen] == [("read the log", "done")]

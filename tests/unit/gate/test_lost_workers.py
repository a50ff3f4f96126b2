"""A call whose worker is lost: it ends at once when the worker has ended, and what it started is what Stop kills."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from pydantic import JsonValue

from ink_core.agents import AccessPoint, AgentTarget, InProcessAgents, Worker
from ink_core.errors import AgentGone, AgentNotConnected, InkError
from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import Catalogue
from mcp_tools.doubles import MemoryLauncher, MemoryQueues, services
from mcp_tools.spec import RunsOn
from tests.unit.gate.test_gate import CHAIN, Setting, ended, proposal


class Agent:
    """Answers each call with the next of its errors, and when there is no more with success."""

    def __init__(self, *errors: InkError) -> None:
        self.errors = list(errors)
        self.told: list[tuple[str, object]] = []

    async def __call__(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        self.told.append((method, arguments.get("target")))
        if self.errors:
            raise self.errors.pop(0)
        return {}


async def gate_with(setting: Setting, agent: Agent, runs_on: RunsOn) -> tuple[Gate, str]:
    """A gate whose one tool runs in alice's worker, and that worker's id; the agent is at the access point too."""
    launcher = MemoryLauncher()
    mine = await launcher.launch("alice", "local", "op-00000001")
    answers: dict[AgentTarget, Agent] = {Worker(mine.worker_id): agent, AccessPoint("alice"): agent}
    doubles = replace(services(InProcessAgents(answers), MemoryQueues({})), launcher=launcher)
    policy = load_policy(None)
    catalogue = Catalogue([setting.world.tool(runs_on=runs_on)])
    return Gate(setting.ledger, catalogue, lambda: policy, doubles, setting.clock, GateLimits()), mine.worker_id


async def after_a_loss(*errors: InkError) -> tuple[Setting, CallState]:
    """How a call ends whose connection broke after the effect, when its worker then answers like this."""
    setting = Setting()
    setting.world.lost = True
    gate, worker_id = await gate_with(setting, Agent(*errors), RunsOn.EXECUTE)
    await gate.propose(replace(proposal(), worker_id=worker_id))
    return setting, await ended(gate)


@pytest.mark.requirement("WORKER-NODE-01")
async def test_a_call_in_flight_is_indeterminate_as_soon_as_its_worker_is_known_to_have_ended() -> None:
    ended_ = AgentGone("worker w-1 has ended (its job 7.0 ended (failed)); launch another one")
    setting, state = await after_a_loss(AgentNotConnected("wait for it"), ended_)
    assert state.status is CallStatus.INDETERMINATE
    assert state.error is not None
    assert "its job 7.0 ended" in state.error.message and "look before you repeat it" in state.error.message
    assert setting.world.removed == ["1.0"]
    assert (await setting.kinds())[-1] == "call.outcome"


@pytest.mark.requirement("WORKER-NODE-01")
async def test_a_call_whose_worker_comes_back_and_is_lost_again_is_indeterminate() -> None:
    setting, state = await after_a_loss()
    assert state.status is CallStatus.INDETERMINATE
    assert setting.world.removed == ["1.0", "1.0"]  # told twice under one operation id: a worker does it once


@pytest.mark.requirement("AGENT-LOOP-04")
@pytest.mark.parametrize("in_worker", [True, False])
async def test_an_interrupt_kills_what_the_models_calls_have_running_in_a_worker_or_at_the_access_point(
    in_worker: bool,
) -> None:
    setting, agent = Setting(), Agent()
    setting.world.blocked = asyncio.Event()
    gate, worker_id = await gate_with(setting, agent, RunsOn.EXECUTE)
    state = await gate.propose(replace(proposal(), worker_id=worker_id if in_worker else None))
    await gate.chains.interrupt("session:another")
    await gate.chains.interrupt(CHAIN)
    assert agent.told == [("process.kill", state.operation_id)]


@pytest.mark.requirement("AGENT-LOOP-04")
async def test_an_interrupt_starts_no_agent_for_a_call_that_runs_no_processes() -> None:
    setting, agent = Setting(), Agent()
    setting.world.blocked = asyncio.Event()
    gate, _ = await gate_with(setting, agent, RunsOn.ACCESS_POINT)
    await gate.propose(proposal())
    await gate.chains.interrupt(CHAIN)
    assert agent.told == []

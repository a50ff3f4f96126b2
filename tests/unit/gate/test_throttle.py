"""A storm of questions to the scheduler is refused at the gate, before anything is asked, also after a restart."""

from __future__ import annotations

import asyncio

import pytest

from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin, Policy
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryQueues, memory_job, services
from tests.doubles.policy_calls import policy, rule

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
REMOVALS = policy(
    rule("allow", "all"), rule("throttle", "storm", {"tools": ["remove_jobs"], "rate": {"over": 2, "per": "1m"}})
)


class Centre:
    """One ledger, clock and queue, with a gate that can be started anew."""

    def __init__(self, rules: Policy) -> None:
        self.clock, self.rules = ManualClock(), rules
        self.ledger, self.queues = MemoryLedger(self.clock), MemoryQueues({"pool": [memory_job("1.0", "alice")]})
        self.gate, self.calls = self._start(), 0

    def _start(self) -> Gate:
        doubles = services(InProcessAgents({}), self.queues)
        return Gate(self.ledger, default_catalogue(), lambda: self.rules, doubles, self.clock, GateLimits())

    async def restart(self) -> None:
        await self.gate.close()
        self.gate = self._start()
        await self.gate.recover()

    async def call(self, tool: str = "list_jobs", chain: str = "session:s1", **arguments: str) -> CallState:
        self.calls += 1
        call_id = f"c-{self.calls}"
        await self.gate.propose(Proposal(call_id, tool, arguments, ALICE, Origin.MODEL, chain))
        return await self.gate.wait(call_id, 5)


def code_of(state: CallState) -> str | None:
    return state.error.code if state.error else None


@pytest.mark.requirement("GATE-WAY-08")
async def test_a_storm_of_scheduler_queries_from_one_session_is_refused_and_told_when_to_come_back() -> None:
    centre = Centre(load_policy(None))
    answers = [await centre.call() for _ in range(121)]
    assert [state.status for state in answers[:-1]] == [CallStatus.DONE] * 120
    assert (answers[-1].status, code_of(answers[-1])) == (CallStatus.REFUSED, "throttled")
    assert answers[-1].error and "try again in 61 s" in answers[-1].error.message
    assert (await centre.call(chain="session:s2")).status is CallStatus.DONE, "other sessions go on"
    centre.clock.advance(61.1)
    assert (await centre.call()).status is CallStatus.DONE


@pytest.mark.requirement("GATE-WAY-08")
async def test_a_burst_at_once_does_not_pass_in_between() -> None:
    centre = Centre(load_policy(None))
    answers = await asyncio.gather(*(centre.call() for _ in range(150)))
    assert sum(state.status is CallStatus.DONE for state in answers) == 120


@pytest.mark.requirement("GATE-WAY-08")
async def test_a_restart_does_not_reset_the_count() -> None:
    centre = Centre(load_policy(None))
    for _ in range(120):
        await centre.call()
    await centre.restart()
    assert code_of(await centre.call()) == "throttled"


async def test_a_throttled_call_costs_the_scheduler_no_look() -> None:
    centre = Centre(REMOVALS)
    for _ in range(5):
        await centre.call("remove_jobs", owner="alice")
    assert len(centre.queues.refreshed) == 2

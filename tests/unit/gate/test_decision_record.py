"""What the policy said of a call, and why, is in the ledger beside the call."""

from __future__ import annotations

from typing import Any

import pytest

from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryQueues, memory_job, services

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
CHAIN = "session:s1"


async def proposed(tool: str, **arguments: Any) -> tuple[Any, ...]:
    """Bodies of the records that one proposal leaves at once."""
    ledger, policy = MemoryLedger(), load_policy(None)
    doubles = services(InProcessAgents({}), MemoryQueues({"pool": [memory_job("1.0", "bob")]}))
    gate = Gate(ledger, default_catalogue(), lambda: policy, doubles, ManualClock(), GateLimits())
    await gate.propose(Proposal("c-1", tool, arguments, ALICE, Origin.MODEL, CHAIN))
    bodies = tuple(event.body for event in await ledger.read(CHAIN, limit=2))
    await gate.close()
    return bodies


@pytest.mark.requirement("GATE-POLICY-02")
async def test_every_call_is_recorded_with_its_decision_the_rules_looked_at_and_the_facts() -> None:
    call, _ = await proposed("remove_jobs", job_ids=["1.0"])
    decision = call["decision"]
    assert (decision["effect"], decision["rule"], decision["persons"]) == ("ask", "others-property", 1)
    assert ["others-property", "matched"] in decision["trace"]
    assert ["own-writes", "others_property"] in decision["trace"]
    assert decision["facts"]["owners"] == ["bob"]


async def test_final_arguments_are_recorded_where_they_are_not_the_given_ones() -> None:
    call, _ = await proposed("remove_jobs", job_ids=["1"])
    assert (call["arguments"]["job_ids"], call["final_arguments"]["job_ids"]) == (["1"], ["1.0"])


async def test_a_call_that_cannot_be_decided_on_is_recorded_without_a_decision() -> None:
    call, refused = await proposed("remove_everything")
    assert (call["decision"], refused["code"]) == (None, "unknown_tool")

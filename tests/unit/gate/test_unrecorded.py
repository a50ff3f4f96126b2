"""Secrets never reach the ledger, and yet tools get what they were given and clients what there was."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint
from ink_core.clock import ManualClock
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from manager.gate.unrecorded import Unrecorded
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, memory_job, services

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:2")
SECRET = "db_password = hunter22"


class Setting:
    """One ledger, a home whose files are remembered, and as many gates as a test wants restarts."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.sent: list[tuple[str, Mapping[str, JsonValue]]] = []
        self.agents = MemoryAgents({AccessPoint("alice"): self._answer, AccessPoint("admin"): self._answer}, {})

    async def _answer(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        self.sent.append((method, arguments))
        if method == "process.run":
            ended: dict[str, JsonValue] = {"exit_code": 0, "stdout": SECRET, "stderr": "", "truncated": False}
            return {**ended, "timed_out": False, "duration_s": 0.1}
        return {"done": ["2.0"], "refused": {}}

    def gate(self) -> Gate:
        policy = load_policy(None)
        centre = services(self.agents, MemoryQueues({"pool": [memory_job("2.0", "bob")]}))
        return Gate(self.ledger, default_catalogue(), lambda: policy, centre, ManualClock(), GateLimits())

    async def everything_recorded(self) -> str:
        return str([event.body for chain in await self.ledger.chains() for event in await self.ledger.read(chain)])


def proposal(tool: str, **arguments: JsonValue) -> Proposal:
    return Proposal("c-1", tool, arguments, ALICE, Origin.USER, "portal:alice")


@pytest.mark.requirement("AUDIT-REDACT-01")
async def test_a_tool_runs_with_the_secret_it_was_given_and_answers_whole_while_the_ledger_has_neither() -> None:
    setting = Setting()
    gate = setting.gate()
    await gate.propose(proposal("run_command", argv=["mail"], stdin=SECRET))
    state = await gate.wait("c-1", 5)
    assert setting.sent[0][1]["stdin"] == SECRET
    assert isinstance(state.result, dict) and state.result["stdout"] == SECRET
    recorded = await setting.everything_recorded()
    assert "hunter22" not in recorded and "db_password = [redacted]" in recorded


async def test_an_approval_of_arguments_with_a_secret_can_be_given_and_runs_them_whole() -> None:
    setting = Setting()
    gate = setting.gate()
    state = await gate.propose(proposal("remove_jobs", job_ids=["2.0"], reason=SECRET))
    assert state.approval
    events = await setting.ledger.read("portal:alice")
    await gate.desk.decide(state.approval.approval_id, ADMIN, True, "", str(events[-1].body["digest"]))
    assert (await gate.wait("c-1", 5)).status is CallStatus.DONE
    assert str(setting.sent[-1][1]["reason"]).startswith(f"{SECRET} [op-")
    assert "hunter22" not in await setting.everything_recorded()


async def test_after_a_restart_an_approval_does_not_run_what_was_redacted() -> None:
    setting = Setting()
    await setting.gate().propose(proposal("remove_jobs", job_ids=["2.0"], reason=SECRET))
    gate = setting.gate()
    await gate.recover()
    (state,) = gate.book.with_approvals()
    assert state.approval
    decided = await gate.desk.decide(state.approval.approval_id, ADMIN, True, "", state.approval.digest)
    assert (decided.status, decided.error and decided.error.code) == (CallStatus.REFUSED, "arguments_not_recorded")
    assert setting.sent == []


async def test_after_a_restart_a_call_under_way_whose_arguments_were_redacted_is_indeterminate() -> None:
    setting = Setting()
    first = setting.gate()
    await first.propose(proposal("run_command", argv=["mail"], stdin=SECRET))
    await first.close()
    gate = setting.gate()
    assert await gate.recover() == 1
    state = await gate.wait("c-1", 5)
    assert (state.status, state.error and state.error.code) == (CallStatus.INDETERMINATE, "arguments_not_recorded")


def test_whole_results_are_kept_up_to_a_bound() -> None:
    kept = Unrecorded(kept_bytes=2_000)
    states = [call_state(f"c-{n}") for n in range(5)]
    for state in states:
        kept.ended(state, "x" * 900)
    assert [kept.whole(state).result is not None for state in states] == [False, False, False, True, True]


def call_state(call_id: str) -> CallState:
    return CallState(call_id, "portal:alice", "read_file", {}, ALICE, Origin.USER, None, None)

"""The gate over an in-memory ledger: what is refused, what waits, what runs once, what a restart takes up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from audit.ledger import LedgerUnavailable, Record
from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.errors import AgentFault, AgentLost, JobNotFound
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal, Scope
from manager.gate.admission import Proposal
from manager.gate.approvals import ApprovalClosed, ApprovalExpired, ApprovalMismatch
from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, services
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:2")
CHAIN = "session:s1"


class Job(ToolValue):
    job_id: str
    owner: str = "alice"


class Removed(ToolValue):
    job_id: str


@dataclass
class World:
    """What the test tools change; `lost` breaks the connection after the effect."""

    removed: list[str] = field(default_factory=list[str])
    acting: list[str] = field(default_factory=list[str])
    lost: bool = False
    blocked: asyncio.Event | None = None

    async def remove(self, context: ToolContext, job: Job) -> Removed:
        if self.blocked:
            await self.blocked.wait()
        self.removed.append(job.job_id)
        self.acting.append(context.acting_as)
        if self.lost:
            raise AgentLost("gone")
        return Removed(job_id=job.job_id)

    async def preview(self, context: ToolContext, job: Job) -> Preview:
        if job.job_id == "missing":
            raise JobNotFound("there is no job missing")
        return Preview(summary="Remove 1 job", targets=(job.job_id,), owners=(job.owner,))

    async def reconcile(self, context: ToolContext, job: Job) -> Removed | None:
        return Removed(job_id=job.job_id) if job.job_id in self.removed else None

    def tool(self, **changes: Any) -> ToolSpec:
        given: dict[str, Any] = {
            "name": "remove_jobs",
            "title": "Remove",
            "description": "",
            "input": Job,
            "output": Removed,
            "risk": Risk.WRITE,
            "scopes": frozenset({Scope.JOBS_MANAGE}),
            "runs_on": RunsOn.ACCESS_POINT,
            "idempotent": False,
            "timeout_s": 5.0,
            "label": Label(Confidentiality.SCRATCH, Integrity.TRUSTED),
            "run": self.remove,
            "preview": self.preview,
        }
        return ToolSpec(**{**given, **changes})


class Setting:
    """One ledger and clock, and as many gates after each other as a test wants restarts."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.clock = ManualClock()
        self.world = World()

    def gate(self, **changes: Any) -> Gate:
        policy = load_policy(None)
        catalogue = Catalogue([self.world.tool(**changes)])
        doubles = services(InProcessAgents({}), MemoryQueues({}))
        return Gate(self.ledger, catalogue, lambda: policy, doubles, self.clock, GateLimits(approval_lifetime_s=60))

    async def kinds(self) -> list[str]:
        return [event.kind for event in await self.ledger.read(CHAIN)]


def proposal(call_id: str = "c-1", tool: str = "remove_jobs", **arguments: Any) -> Proposal:
    return Proposal(call_id, tool, arguments or {"job_id": "1.0"}, ALICE, Origin.MODEL, CHAIN)


async def ended(gate: Gate, call_id: str = "c-1") -> CallState:
    return await gate.wait(call_id, 5)


@pytest.mark.requirement("GATE-WAY-03")
async def test_an_allowed_call_records_intent_before_it_runs_and_its_outcome_after() -> None:
    setting = Setting()
    setting.world.blocked = asyncio.Event()
    gate = setting.gate()
    await gate.propose(proposal())
    assert await setting.kinds() == ["call.proposed", "call.intent"]
    assert setting.world.removed == []
    setting.world.blocked.set()
    assert (await ended(gate)).status is CallStatus.DONE
    assert await setting.kinds() == ["call.proposed", "call.intent", "call.outcome"]


@pytest.mark.requirement("GATE-LABEL-06")
async def test_an_outcome_carries_its_labels() -> None:
    setting = Setting()
    gate = setting.gate()
    await gate.propose(proposal())
    await ended(gate)
    outcome = (await setting.ledger.read(CHAIN))[-1]
    assert outcome.body["label"] == {"confidentiality": "scratch", "integrity": "trusted"}


@pytest.mark.requirement("GATE-WAY-05")
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (proposal(tool="remove_everything"), "unknown_tool"),
        (proposal(job_id=7), "bad_input"),
        (proposal(job_id="1.0", colour="red"), "bad_input"),
        (proposal(job_id="missing"), "job_not_found"),
    ],
)
async def test_a_call_that_cannot_be_is_refused_with_its_reason_and_recorded(asked: Proposal, code: str) -> None:
    setting = Setting()
    gate = setting.gate()
    state = await gate.propose(asked)
    assert (state.status, state.error and state.error.code) == (CallStatus.REFUSED, code)
    assert await setting.kinds() == ["call.proposed", "call.refused"]
    assert setting.world.removed == []


@pytest.mark.requirement("GATE-WAY-07")
async def test_a_credential_without_the_scope_is_refused() -> None:
    reader = ALICE.model_copy(update={"scopes": frozenset({Scope.JOBS_READ})})
    gate = Setting().gate()
    state = await gate.propose(Proposal("c-1", "remove_jobs", {"job_id": "1.0"}, reader, Origin.REST, CHAIN))
    assert state.error is not None
    assert state.error.code == "scope_missing"


@pytest.mark.requirement("GATE-APPROVAL-01", "GATE-PREVIEW-01")
async def test_a_call_on_anothers_job_waits_runs_once_and_as_the_approver() -> None:
    setting = Setting()
    gate = setting.gate()
    state = await gate.propose(proposal(job_id="2.0", owner="bob"))
    assert state.status is CallStatus.WAITING_APPROVAL
    assert state.approval is not None
    assert state.approval.preview["targets"] == ["2.0"]
    assert setting.world.removed == []
    await gate.desk.decide(state.approval.approval_id, ADMIN, True, "", state.approval.digest)
    assert (await ended(gate)).status is CallStatus.DONE
    assert (setting.world.removed, setting.world.acting) == (["2.0"], ["admin"])


@pytest.mark.requirement("GATE-APPROVAL-02")
async def test_a_rejected_call_never_runs_and_says_why() -> None:
    setting = Setting()
    gate = setting.gate()
    state = await gate.propose(proposal(job_id="2.0", owner="bob"))
    assert state.approval is not None
    request = state.approval
    state = await gate.desk.decide(request.approval_id, ADMIN, False, "bob still needs it", request.digest)
    assert state.status is CallStatus.REFUSED
    assert state.error is not None
    assert "bob still needs it" in state.error.message
    assert setting.world.removed == []


@pytest.mark.requirement("GATE-APPROVAL-05")
async def test_a_double_click_counts_once() -> None:
    setting = Setting()
    gate = setting.gate()
    state = await gate.propose(proposal(job_id="2.0", owner="bob"))
    assert state.approval is not None
    clicks = [gate.desk.decide(state.approval.approval_id, ADMIN, True, "", state.approval.digest) for _ in range(5)]
    results = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(result, ApprovalClosed) for result in results) == 4
    await ended(gate)
    assert setting.world.removed == ["2.0"]


@pytest.mark.requirement("GATE-APPROVAL-05")
async def test_an_approval_of_another_request_is_refused() -> None:
    setting = Setting()
    gate = setting.gate()
    first = await gate.propose(proposal("c-1", job_id="2.0", owner="bob"))
    second = await gate.propose(proposal("c-2", job_id="3.0", owner="bob"))
    assert first.approval is not None
    assert second.approval is not None
    with pytest.raises(ApprovalMismatch):
        await gate.desk.decide(second.approval.approval_id, ADMIN, True, "", first.approval.digest)
    assert setting.world.removed == []


@pytest.mark.requirement("GATE-APPROVAL-06")
async def test_an_approval_that_nobody_gave_expires() -> None:
    setting = Setting()
    gate = setting.gate()
    state = await gate.propose(proposal(job_id="2.0", owner="bob"))
    late = await gate.propose(proposal("c-2", job_id="3.0", owner="bob"))
    assert state.approval is not None
    setting.clock.advance(61)
    with pytest.raises(ApprovalExpired):
        await gate.desk.decide(state.approval.approval_id, ADMIN, True, "", state.approval.digest)
    await gate.desk.expire()
    for call_id in (state.call_id, late.call_id):
        assert gate.book.get(call_id).status is CallStatus.REFUSED
    assert setting.world.removed == []


@pytest.mark.requirement("GATE-APPROVAL-07")
async def test_a_waiting_approval_survives_a_restart_and_a_consumed_one_does_not_revive() -> None:
    setting = Setting()
    before = setting.gate()
    waiting = await before.propose(proposal("c-1", job_id="2.0", owner="bob"))
    used = await before.propose(proposal("c-2", job_id="3.0", owner="bob"))
    assert waiting.approval is not None
    assert used.approval is not None
    await before.desk.decide(used.approval.approval_id, ADMIN, True, "", used.approval.digest)
    await ended(before, "c-2")
    after = setting.gate()
    await after.recover()
    with pytest.raises(ApprovalClosed):
        await after.desk.decide(used.approval.approval_id, ADMIN, True, "", used.approval.digest)
    await after.desk.decide(waiting.approval.approval_id, ADMIN, True, "", waiting.approval.digest)
    await ended(after, "c-1")
    assert setting.world.removed == ["3.0", "2.0"]


async def test_proposing_the_same_call_again_changes_nothing() -> None:
    setting = Setting()
    gate = setting.gate()
    await asyncio.gather(*(gate.propose(proposal()) for _ in range(5)))
    await ended(gate)
    assert setting.world.removed == ["1.0"]


@pytest.mark.requirement("GATE-WAY-04")
@pytest.mark.parametrize("happened", [True, False])
async def test_after_a_crash_between_intent_and_outcome_the_world_is_asked(happened: bool) -> None:
    setting = Setting()
    blocked = setting.world.blocked = asyncio.Event()
    before = setting.gate(reconcile=setting.world.reconcile)
    await before.propose(proposal())
    await before.close()
    blocked.set()
    if happened:
        setting.world.removed.append("1.0")
    after = setting.gate(reconcile=setting.world.reconcile)
    assert await after.recover() == 1
    assert (await ended(after)).status is CallStatus.DONE
    assert setting.world.removed == ["1.0"]


@pytest.mark.requirement("GATE-WAY-04")
async def test_an_outcome_that_nobody_can_tell_is_indeterminate_and_not_repeated() -> None:
    setting = Setting()
    setting.world.lost = True
    gate = setting.gate()
    await gate.propose(proposal())
    state = await ended(gate)
    assert state.status is CallStatus.INDETERMINATE
    assert setting.world.removed == ["1.0"]


@pytest.mark.requirement("GATE-WAY-06")
async def test_a_read_that_does_not_answer_ends_at_its_deadline() -> None:
    setting = Setting()
    setting.world.blocked = asyncio.Event()
    gate = setting.gate(timeout_s=0.05, idempotent=True)
    await gate.propose(proposal())
    state = await ended(gate)
    assert state.error is not None
    assert state.error.code == "deadline_exceeded"


@pytest.mark.requirement("AUDIT-LEDGER-04")
async def test_a_ledger_that_cannot_write_lets_nothing_run() -> None:
    class FullDisk(MemoryLedger):
        async def append(self, chain: str, *records: Record) -> Any:
            raise LedgerUnavailable("the disk is full")

    setting = Setting()
    setting.ledger = FullDisk()
    with pytest.raises(LedgerUnavailable):
        await setting.gate().propose(proposal())
    assert setting.world.removed == []


async def test_an_error_in_a_tool_is_told_without_its_text() -> None:
    async def broken(context: ToolContext, job: Job) -> Removed:
        raise RuntimeError("secret internals")

    setting = Setting()
    gate = setting.gate(run=broken)
    await gate.propose(proposal())
    state = await ended(gate)
    assert state.error is not None
    assert (state.status, "secret" in state.error.message) == (CallStatus.INDETERMINATE, False)


async def test_one_user_cannot_fill_the_gate() -> None:
    setting = Setting()
    gate = setting.gate()
    for number in range(200):
        await gate.propose(proposal(f"c-{number}", job_id=f"{number}.0", owner="bob"))
    state = await gate.propose(proposal("c-200", job_id="200.0", owner="bob"))
    assert state.error is not None
    assert state.error.code == "too_many_open_calls"


@pytest.mark.requirement("GATE-WAY-04")
@pytest.mark.parametrize("code", ["deadline_exceeded", "scheduler_down", "internal_error"])
async def test_an_agents_fault_after_which_it_may_have_happened_is_never_called_failed(code: str) -> None:
    async def late(context: ToolContext, job: Job) -> Removed:
        setting.world.removed.append(job.job_id)
        raise AgentFault("no answer in time", code=code, retryable=True)

    setting = Setting()
    gate = setting.gate(run=late)
    await gate.propose(proposal())
    assert (await ended(gate)).status is CallStatus.INDETERMINATE
    asked = setting.gate(run=late, reconcile=setting.world.reconcile)
    await asked.propose(proposal("c-2", job_id="2.0"))
    assert (await ended(asked, "c-2")).status is CallStatus.DONE
    assert setting.world.removed == ["1.0", "2.0"]


@pytest.mark.requirement("GATE-WAY-06")
async def test_a_write_that_does_not_answer_ends_at_its_deadline_and_is_not_called_failed() -> None:
    setting = Setting()
    setting.world.blocked = asyncio.Event()
    gate = setting.gate(timeout_s=0.05)
    await gate.propose(proposal())
    assert (await ended(gate)).status is CallStatus.INDETERMINATE

"""The audit trail of the real gate on the real ledger: complete, without secrets, and tamper-evident."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue

from audit.ledger import LedgerUnavailable, Record, erasure
from audit.personal import ERASED
from audit.sqlite import SqliteLedger
from audit.verify import verify
from ink_core.agents import AccessPoint
from ink_core.clock import SystemClock
from ink_core.compute.model import JobState
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.call import CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, MemoryScheduler, memory_job, services

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:2")
TOKEN = "ink_" + "Zq3" * 12


class Centre:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.ledger = SqliteLedger(path)
        self.queues = MemoryQueues({"pool": [memory_job("1.0", "alice"), memory_job("2.0", "bob")]})
        schedulers = {user: MemoryScheduler(self.queues, user) for user in ("alice", "admin")}
        agents = MemoryAgents(
            {AccessPoint("alice"): self._answer}, {AccessPoint(user): each for user, each in schedulers.items()}
        )
        policy = load_policy(None)
        self.services = services(agents, self.queues)
        self.gate = Gate(self.ledger, default_catalogue(), lambda: policy, self.services, SystemClock(), GateLimits())

    async def _answer(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        ended: dict[str, JsonValue] = {"exit_code": 0, "stdout": f"token: {TOKEN}", "stderr": "", "truncated": False}
        return {**ended, "timed_out": False, "duration_s": 0.1}

    async def call(self, call_id: str, tool: str, chain: str = "session:s1", **arguments: JsonValue) -> CallStatus:
        await self.gate.propose(Proposal(call_id, tool, arguments, ALICE, Origin.MODEL, chain))
        return (await self.gate.wait(call_id, 20)).status

    async def decide(self, call_id: str, approve: bool) -> CallStatus:
        request = self.gate.book.get(call_id).approval
        assert request
        await self.gate.desk.decide(request.approval_id, ADMIN, approve, "as asked", request.digest)
        return (await self.gate.wait(call_id, 20)).status

    async def close(self) -> None:
        await self.gate.close()
        await self.ledger.close()


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    built = Centre(tmp_path / "ledger.sqlite")
    yield built
    await built.close()


async def a_day_of_work(centre: Centre) -> dict[str, str]:
    """One call of every ending; call id → what the audit must say of it."""
    assert await centre.call("c-read", "list_jobs") is CallStatus.DONE
    assert await centre.call("c-own", "remove_jobs", job_ids=["1.0"]) is CallStatus.DONE
    assert await centre.call("c-unknown", "remove_everything") is CallStatus.REFUSED
    assert await centre.call("c-wrong", "describe_job", job="1.0") is CallStatus.REFUSED
    assert await centre.call("c-failed", "describe_job", job_id="99.0") is CallStatus.FAILED
    for call_id in ("c-approved", "c-rejected", "c-waits"):
        assert (
            await centre.call(call_id, "hold_jobs", chain="session:s2", job_ids=["2.0"]) is CallStatus.WAITING_APPROVAL
        )
    assert await centre.decide("c-approved", True) is CallStatus.DONE
    assert await centre.decide("c-rejected", False) is CallStatus.REFUSED
    return {
        "c-read": "done", "c-own": "done", "c-unknown": "refused", "c-wrong": "refused", "c-failed": "failed",
        "c-approved": "done", "c-rejected": "refused", "c-waits": "open",
    }  # fmt: skip


@pytest.mark.requirement("AUDIT-VERIFY-02", "AUDIT-LEDGER-02")
async def test_every_attempt_of_a_day_is_in_the_audit_with_its_outcome(centre: Centre) -> None:
    expected = await a_day_of_work(centre)
    report = await asyncio.to_thread(verify, centre.path)
    assert report.problems == []
    assert {attempt.call_id: attempt.outcome for attempt in report.attempts} == expected
    assert report.chains == 2


@pytest.mark.requirement("AUDIT-VERIFY-01")
async def test_one_flipped_bit_in_any_record_of_that_day_is_found(centre: Centre, tmp_path: Path) -> None:
    await a_day_of_work(centre)
    events = [event for chain in await centre.ledger.chains() for event in await centre.ledger.read(chain)]
    await centre.close()
    original = centre.path.read_bytes()
    for event in events:
        changed = bytearray(original)
        changed[original.index(event.hash.encode()) + 7] ^= 1
        (tmp_path / "flipped").write_bytes(changed)
        assert not verify(tmp_path / "flipped").ok


@pytest.mark.requirement("AUDIT-REDACT-01")
async def test_no_secret_of_an_argument_or_a_result_is_on_the_disk(centre: Centre) -> None:
    assert (
        await centre.call("c-1", "run_command", argv=["curl", "-H", f"Authorization: Bearer {TOKEN}"])
        is CallStatus.DONE
    )
    assert await centre.call("c-2", "run_command", argv=["mail"], stdin="password=hunter2hunter2") is CallStatus.DONE
    await centre.close()
    for file in centre.path.parent.iterdir():
        assert TOKEN.encode() not in file.read_bytes() and b"hunter2" not in file.read_bytes()


@pytest.mark.requirement("AUDIT-LEDGER-04")
async def test_when_the_ledger_cannot_write_nothing_runs(centre: Centre) -> None:
    assert await centre.call("c-1", "list_jobs") is CallStatus.DONE
    written = max(file.stat().st_size for file in centre.path.parent.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, hard))
    try:
        with pytest.raises(LedgerUnavailable) as caught:
            await centre.call("c-2", "remove_jobs", job_ids=["1.0"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (caught.value.code, caught.value.http_status) == ("ledger_unavailable", 503)
    assert centre.queues.jobs["pool"]["1.0"].state is JobState.RUNNING
    assert await centre.call("c-3", "remove_jobs", job_ids=["1.0"]) is CallStatus.DONE


@pytest.mark.requirement("AUDIT-REDACT-02")
async def test_a_gate_that_recovers_from_an_erased_ledger_knows_every_verdict_and_runs_nothing_again(
    centre: Centre,
) -> None:
    expected = await a_day_of_work(centre)
    intent: dict[str, JsonValue] = {
        "call_id": "c-waits", "operation_id": "op-1", "acting_as": "alice", "worker_id": None,
        "arguments": {"job_ids": ["2.0"]}, "approval_id": None,
    }  # fmt: skip
    await centre.ledger.append("session:s2", Record("call.intent", intent))  # as if the manager had died right then
    chains = await centre.ledger.chains()
    targets = {chain: [event.seq for event in await centre.ledger.read(chain)] for chain in chains}
    await centre.ledger.erase(targets, erasure(targets, by="admin", selection={}, reason="all of it"))
    recovered = Gate(
        centre.ledger, default_catalogue(), lambda: load_policy(None), centre.services, SystemClock(), GateLimits()
    )
    await recovered.recover()
    interrupted = await recovered.wait("c-waits", 20)
    await recovered.close()
    assert interrupted.status is CallStatus.INDETERMINATE
    assert recovered.book.get("c-read").result == {"erased": ERASED}
    report = await asyncio.to_thread(verify, centre.path)
    assert report.problems == []
    assert {attempt.call_id: attempt.outcome for attempt in report.attempts} == expected | {"c-waits": "indeterminate"}

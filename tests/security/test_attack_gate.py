"""Races and hostile values at the gate: of several decisions one counts, and every call taken in is recorded."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from audit.ledger import Event, Record
from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.errors import InkError
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, memory_job, services
from mcp_tools.job_actions import TOOLS as JOB_ACTIONS
from mcp_tools.spec import Preview, ToolSpec, ToolValue
from tests.doubles.tools import writing_tool

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
ADMINS = tuple(
    Principal(username=name, is_admin=True, scopes=ADMIN_SCOPES, credential=f"session:{name}") for name in ("ada", "bo")
)
CHAIN = "portal:alice"
FINAL = ("call.refused", "call.outcome")


class Note(ToolValue):
    text: str


@dataclass
class World:
    """A tool with an effect that is counted, of property that is always another user's."""

    done: list[str] = field(default_factory=list[str])
    broken: bool = False
    owner: str = "bob"

    async def run(self, context: ToolContext, note: Note) -> Note:
        self.done.append(note.text)
        return note

    async def preview(self, context: ToolContext, note: Note) -> Preview:
        if self.broken:
            raise OverflowError("an error that nobody thought of")
        return Preview(summary="Write", targets=(note.text,), owners=(self.owner,))

    def tool(self) -> ToolSpec:
        return writing_tool("note", input=Note, output=Note, run=self.run, preview=self.preview)


class HeldLedger(MemoryLedger):
    """Makes every append wait until `free` is set, as a slow disk does."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()
        self.free.set()

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        await self.free.wait()
        return await super().append(chain, *records)


class Setting:
    def __init__(self, world: World) -> None:
        self.ledger, self.clock, self.world = HeldLedger(), ManualClock(), world
        policy, doubles = load_policy(None), services(InProcessAgents({}), MemoryQueues({}))
        limits = GateLimits(approval_lifetime_s=60)
        self.gate = Gate(self.ledger, Catalogue([world.tool()]), lambda: policy, doubles, self.clock, limits)

    async def proposed(self, text: str = "x") -> CallState:
        return await self.gate.propose(Proposal("c-1", "note", {"text": text}, ALICE, Origin.REST, CHAIN))

    async def kinds(self) -> Counter[str]:
        return Counter(event.kind for event in await self.ledger.read(CHAIN))

    def decision(self, state: CallState, decider: Principal, approve: bool) -> Any:
        assert state.approval is not None
        return self.gate.desk.decide(state.approval.approval_id, decider, approve, "because", state.approval.digest)


async def ended(setting: Setting) -> CallState:
    return await setting.gate.wait("c-1", 5)


async def test_of_twenty_decisions_at_once_one_counts_and_the_effect_happens_at_most_once() -> None:
    setting = Setting(World())
    state = await setting.proposed()
    decisions = [setting.decision(state, ADMINS[n % 2], approve=n % 3 > 0) for n in range(20)]
    results = await asyncio.gather(*decisions, return_exceptions=True)
    assert sum(isinstance(result, CallState) for result in results) == 1
    assert all(isinstance(result, CallState | InkError) for result in results)
    await ended(setting)
    kinds = await setting.kinds()
    assert kinds["approval.decided"] == 1
    assert sum(kinds[kind] for kind in FINAL) == 1
    assert len(setting.world.done) == kinds["call.intent"]


@pytest.mark.parametrize("other", ["expiry", "withdrawal"])
async def test_an_approval_on_a_slow_disk_and_another_end_of_the_request_do_not_both_count(other: str) -> None:
    setting = Setting(World())
    state = await setting.proposed()
    setting.ledger.free.clear()
    approving = asyncio.create_task(setting.decision(state, ADMINS[0], approve=True))
    await asyncio.sleep(0)
    setting.clock.advance(61)
    ending = asyncio.create_task(setting.gate.desk.expire() if other == "expiry" else setting.gate.withdraw("c-1", "s"))
    await asyncio.sleep(0)
    setting.ledger.free.set()
    await asyncio.gather(approving, ending)
    final = await ended(setting)
    kinds = await setting.kinds()
    assert (kinds["approval.decided"], kinds["call.intent"], kinds["call.refused"]) == (1, 1, 0)
    assert (final.status, setting.world.done) == (CallStatus.DONE, ["x"])


async def test_one_call_id_proposed_many_times_at_once_runs_once() -> None:
    setting = Setting(World(owner="alice"))
    await asyncio.gather(*(setting.proposed() for _ in range(20)))
    await ended(setting)
    assert setting.world.done == ["x"]


async def test_an_error_that_nobody_thought_of_refuses_the_call_and_is_recorded_without_its_text() -> None:
    setting = Setting(World(broken=True))
    state = await setting.proposed()
    assert state.status is CallStatus.REFUSED
    assert state.error is not None
    assert state.error.code == "internal_error"
    assert "nobody thought" not in state.error.message
    assert await setting.kinds() == Counter({"call.proposed": 1, "call.refused": 1})


async def test_a_text_that_looks_like_a_redaction_is_written_as_it_is() -> None:
    setting = Setting(World(owner="alice"))
    await setting.proposed("an excerpt of the audit: [redacted:ink_token]")
    assert (await ended(setting)).status is CallStatus.DONE
    assert setting.world.done == ["an excerpt of the audit: [redacted:ink_token]"]


class CountingQueues(MemoryQueues):
    """Counts how often the whole queue is looked at."""

    looks = 0

    def snapshot(self, cluster: str) -> Any:
        self.looks += 1
        return super().snapshot(cluster)


async def test_thousands_of_job_ids_cost_one_look_at_the_queue() -> None:
    jobs = [memory_job(f"{n}.0", "alice") for n in range(3000)]
    queues = CountingQueues({"pool": jobs})
    remove = next(tool for tool in JOB_ACTIONS if tool.name == "remove_jobs")
    doubles = services(InProcessAgents({}), queues)
    context = ToolContext(ALICE, "alice", "op-1", 10, None, doubles, None)
    assert remove.resolve is not None
    resolved = await remove.resolve(context, remove.parse({"job_ids": [str(n) for n in range(3000)]}))
    assert resolved.model_dump()["job_ids"] == tuple(job.job_id for job in jobs)
    assert queues.looks <= 2

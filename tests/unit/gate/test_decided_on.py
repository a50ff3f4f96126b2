"""An intent is written before a lock or a change of the policy that it does not know of, or is decided again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audit.ledger import ChainMoved, Event, Record, Where
from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.identity.principal import Principal
from manager.gate.approvals import ApprovalRequest, KnownPeople
from manager.gate.authority import Authority
from manager.gate.call import CallState, CallStatus, Phase
from manager.gate.decided_on import LocksAndPolicy, learn_locks
from manager.gate.gate import Gate, GateLimits
from manager.gate.live_policy import LivePolicy
from manager.gate.lockout import CHAIN as LOCKS
from manager.gate.lockout import LockKind, Lockout, set_record
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, services
from mcp_tools.spec import Preview
from tests.unit.gate.test_gate import ADMIN, Job, Setting, ended, proposal


def policy(effect: str) -> str:
    return f"version: 1\nrules:\n- {{id: all, when: {{}}, effect: {effect}, reason: because}}\n"


class Interrupted(MemoryLedger):
    """`before` happens at the last moment before an intent is written, so many `times`."""

    def __init__(self, before: Callable[[], Awaitable[object]], times: int) -> None:
        super().__init__()
        self.before, self.times = before, times

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        if self.times and any(record.kind == "call.intent" for record in records):
            self.times -= 1
            await self.before()
        return await super().append(chain, *records)


class Counted(KnownPeople):
    """`charged`: how many jobs tokens were charged with."""

    def __init__(self) -> None:
        super().__init__()
        self.charged: list[int] = []

    async def spend_jobs(self, principal: Principal, count: int) -> None:
        self.charged.append(count)


class Site:
    """A gate that decides by locks and a policy file, on a ledger that another manager writes, too."""

    def __init__(self, folder: Path, effect: str = "allow", times: int = 1) -> None:
        self.setting, self.file, self.locks = Setting(), folder / "policy.yaml", "alice"
        self.ledger, self.people = Interrupted(self.lock, times), Counted()
        self.file.write_text(policy(effect))
        self.policy = LivePolicy(self.file, self.ledger, self.setting.clock)
        self.gate = self._gate()

    def _gate(self) -> Gate:
        clock = self.setting.clock
        authority = replace(Authority.alone(clock), people=self.people)
        catalogue = Catalogue([self.setting.world.tool(preview=self.preview)])
        doubles, limits = services(InProcessAgents({}), MemoryQueues({})), GateLimits(approval_lifetime_s=60)
        on = LocksAndPolicy(self.ledger, authority.lockout, self.policy)
        return Gate(self.ledger, catalogue, self.policy.current, doubles, clock, limits, authority, decided_on=on)

    async def preview(self, context: ToolContext, job: Job) -> Preview:
        return Preview(summary="Remove 1 job", targets=(job.job_id,), owners=(job.owner,), jobs=3)

    async def lock(self) -> None:
        """As another manager does it: nobody here hears of it."""
        await self.ledger.append(LOCKS, set_record(LockKind.USER, self.locks, "admin", "runs wild"))

    async def stricter(self) -> None:
        self.file.write_text(policy("deny"))
        await self.policy.refresh()
        await self.policy.refresh()

    async def called(self) -> CallState:
        await self.gate.propose(proposal())
        return await ended(self.gate)

    async def written(self) -> list[str]:
        """Kinds in the order of writing, but for what was proposed."""
        found = [placed.event.kind for placed in await self.ledger.newest(Where(), limit=50)]
        return [kind for kind in reversed(found) if kind != "call.proposed"]


async def test_a_lock_that_comes_between_decision_and_intent_refuses_the_call(tmp_path: Path) -> None:
    site = Site(tmp_path)
    state = await site.called()
    assert (state.error and state.error.code, site.setting.world.removed) == ("locked", [])
    assert await site.written() == ["lock.set", "call.refused"]


async def test_a_lock_of_somebody_else_lets_the_call_be_decided_again_and_go_on_once(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.locks = "bob"
    state = await site.called()
    assert (state.status, site.setting.world.removed, site.people.charged) == (CallStatus.DONE, ["1.0"], [3])
    assert await site.written() == ["lock.set", "call.intent", "call.outcome"]


async def test_a_policy_that_comes_between_decision_and_intent_is_the_one_that_counts(tmp_path: Path) -> None:
    site = Site(tmp_path)
    await site.policy.begin()
    site.ledger.before = site.stricter
    state = await site.called()
    assert (state.error and state.error.code, site.setting.world.removed) == ("denied_by_policy", [])
    assert await site.written() == ["policy.loaded", "policy.loaded", "call.refused"]


async def test_a_call_whose_grounds_change_whenever_it_is_decided_is_refused_in_the_end(tmp_path: Path) -> None:
    site = Site(tmp_path, times=99)
    site.locks = "bob"
    state = await site.called()
    assert (state.error and state.error.code, site.setting.world.removed) == ("chain_moved", [])
    assert "call.intent" not in await site.written()


@pytest.mark.parametrize("who", ["alice", "bob"])
async def test_an_approval_beside_a_lock_does_not_count_and_may_be_given_again(tmp_path: Path, who: str) -> None:
    site = Site(tmp_path, effect="ask")
    site.locks = who
    await site.gate.propose(proposal())
    request = site.gate.book.get("c-1").approval
    assert request is not None
    with pytest.raises(ChainMoved, match="try again"):
        await approve(site.gate, request)
    assert (site.gate.book.get("c-1").phase, site.setting.world.removed) == (Phase.WAITING, [])
    await approve(site.gate, request)
    state = await ended(site.gate)
    locked = who == "alice"
    assert (state.error and state.error.code) == ("locked" if locked else None)
    assert site.setting.world.removed == ([] if locked else ["1.0"])


async def test_a_lock_that_is_heard_of_late_or_again_changes_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path, times=0)
    await site.lock()
    site.locks = "bob"
    await site.lock()
    lockout = site.gate.lockout
    events = await site.ledger.read(LOCKS)
    lockout.fold(events[1])
    lockout.fold(events[0])
    assert [lock.name for lock in lockout.all()] == ["bob"]
    again = Lockout()
    await learn_locks(site.ledger, again)
    assert ({lock.name for lock in again.all()}, again.last) == ({"alice", "bob"}, 2)


async def approve(gate: Gate, request: ApprovalRequest) -> None:
    await gate.desk.decide(request.approval_id, ADMIN, True, "", request.digest)

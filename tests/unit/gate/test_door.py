"""One way for all: a call by page, REST, MCP or model leaves the same records; nobody reaches others' workers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from pydantic import JsonValue

from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint, AgentTarget, InProcessAgents, Worker
from ink_core.clock import ManualClock
from ink_core.errors import AgentFault, NotFound
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.door import GateDoor, KeyReused
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import Answer, MemoryAgents, MemoryLauncher, MemoryQueues, MemoryScheduler, services
from mcp_tools.gate_port import CallView

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
BOB = ALICE.model_copy(update={"username": "bob"})


def gate_over(ledger: MemoryLedger) -> Gate:
    policy = load_policy(None)
    doubles = services(InProcessAgents({}), MemoryQueues({"local": []}))
    return Gate(ledger, default_catalogue(), lambda: policy, doubles, ManualClock(), GateLimits())


@pytest.mark.requirement("GATE-WAY-02")
async def test_every_origin_leaves_the_same_records() -> None:
    ledger = MemoryLedger()
    gate = gate_over(ledger)
    door = GateDoor(gate)
    for origin in (Origin.USER, Origin.REST, Origin.MCP):
        view = await door.call(ALICE, "list_jobs", {}, origin=origin, chain=f"{origin}:alice", wait_s=5)
        assert view.status == "done"
    await gate.propose(Proposal("s1.1.0", "list_jobs", {}, ALICE, Origin.MODEL, "session:s1"))
    await gate.wait("s1.1.0", 5)
    records = {
        chain: [(event.kind, sorted(event.body)) for event in await ledger.read(chain)]
        for chain in await ledger.chains()
    }
    assert len(records) == 4
    assert len({str(kinds) for kinds in records.values()}) == 1


@pytest.mark.requirement("WORKER-AUTH-03")
async def test_a_call_never_reaches_another_users_worker() -> None:
    reached: list[str] = []

    async def answer(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        reached.append(method)
        return None

    launcher = MemoryLauncher()
    mine = await launcher.launch("alice", "local", "op-00000001")
    agents = InProcessAgents({Worker(mine.worker_id): answer})
    doubles = replace(services(agents, MemoryQueues({"local": []})), launcher=launcher)
    policy = load_policy(None)
    gate = Gate(MemoryLedger(), default_catalogue(), lambda: policy, doubles, ManualClock(), GateLimits())
    view = await GateDoor(gate).call(
        BOB, "run_command", {"argv": ["id"]}, origin="rest", chain="portal:bob", wait_s=5, worker_id=mine.worker_id
    )
    assert view.error is not None
    assert (view.status, view.error.code, reached) == ("refused", "not_your_worker", [])


async def test_anothers_call_does_not_exist_for_me() -> None:
    door = GateDoor(gate_over(MemoryLedger()))
    view = await door.call(ALICE, "list_jobs", {}, origin="rest", chain="portal:alice", wait_s=5)
    with pytest.raises(NotFound):
        await door.view(BOB, view.call_id, wait_s=0)


SLEEP = {"script": "/bin/sleep", "arguments": ["1"], "cluster": "local"}


class Faulty(MemoryScheduler):
    """Refuses every submission with one code."""

    def __init__(self, queues: MemoryQueues, code: str) -> None:
        super().__init__(queues, "alice")
        self._code = code

    async def answer(self, method: str, arguments: Mapping[str, JsonValue], operation_id: str) -> JsonValue:
        raise AgentFault("the executable later.sh does not exist", code=self._code, retryable=False)


class Submitting:
    """A door to a centre in memory with one cluster, whose agents may be away."""

    def __init__(self, limits: GateLimits | None = None) -> None:
        self.ledger, self.limits = MemoryLedger(), limits or GateLimits()
        self.queues = MemoryQueues({"local": []})
        scheduler = MemoryScheduler(self.queues, "alice")
        self._schedulers: dict[AgentTarget, MemoryScheduler] = {AccessPoint("alice"): scheduler}
        self._answers: dict[AgentTarget, Answer] = {}
        self.door = self._door()

    async def submit(
        self, key: str, arguments: Mapping[str, JsonValue] = SLEEP, chain: str = "portal:alice"
    ) -> CallView:
        return await self.door.call(ALICE, "submit_job", arguments, origin="rest", chain=chain, wait_s=5, key=key)

    async def crash(self) -> None:
        """The manager comes back with what the ledger holds."""
        self.door = self._door()
        await self.gate.recover()

    def _door(self) -> GateDoor:
        policy = load_policy(None)
        doubles = services(MemoryAgents(self._answers, self._schedulers), self.queues)
        self.gate = Gate(self.ledger, default_catalogue(), lambda: policy, doubles, ManualClock(), self.limits)
        return GateDoor(self.gate)

    def lose_agent(self) -> MemoryScheduler:
        return self._schedulers.pop(AccessPoint("alice"))

    def bring_back(self, scheduler: MemoryScheduler) -> None:
        self._schedulers[AccessPoint("alice")] = scheduler


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_request_with_a_key_is_one_call_also_after_many_others(restarted: bool) -> None:
    centre = Submitting(GateLimits(kept_ended=3))
    first = await centre.submit("one")
    for number in range(5):
        await centre.submit(f"other {number}")
    if restarted:
        await centre.crash()
    assert not centre.gate.book.knows(first.call_id)
    again = await centre.submit("one")
    assert (again.call_id, again.result) == (first.call_id, first.result)
    proposed = [event for event in await centre.ledger.read("portal:alice") if event.kind == "call.proposed"]
    assert [event.body["call_id"] for event in proposed].count(first.call_id) == 1
    assert len(centre.queues.jobs["local"]) == 6
    with pytest.raises(KeyReused):
        await centre.submit("other 0", {**SLEEP, "arguments": ["2"]})


async def test_a_request_with_a_key_is_one_call_however_often_it_comes_also_after_a_crash() -> None:
    centre = Submitting()
    first = await centre.submit("my scan, point 7")
    again = await centre.submit("my scan, point 7")
    await centre.crash()
    later = await centre.submit("my scan, point 7")
    assert first.status == "done"
    assert first.call_id == again.call_id == later.call_id
    assert first.result == again.result == later.result
    assert len(centre.queues.jobs["local"]) == 1
    other = await centre.submit("my scan, point 8")
    assert other.result != first.result
    assert len(centre.queues.jobs["local"]) == 2


@pytest.mark.parametrize("others", [0, 5])
async def test_a_key_in_a_conversation_is_another_than_outside_of_it_however_much_was_done_since(others: int) -> None:
    centre = Submitting(GateLimits(kept_ended=3))
    first = await centre.submit("one")
    for number in range(others):
        await centre.submit(f"other {number}")
    inside = await centre.submit("one", chain="session:s1")
    assert inside.call_id != first.call_id
    assert (await centre.submit("one", chain="session:s1")).call_id == inside.call_id
    assert (await centre.submit("one")).call_id == first.call_id
    assert len(centre.queues.jobs["local"]) == others + 2


async def test_two_requests_at_once_under_one_key_submit_once() -> None:
    centre = Submitting()
    views = await asyncio.gather(*(centre.submit("once") for _ in range(5)))
    assert len({view.call_id for view in views}) == 1
    assert len(centre.queues.jobs["local"]) == 1


async def test_a_different_request_under_a_known_key_is_refused() -> None:
    centre = Submitting()
    await centre.submit("k")
    with pytest.raises(KeyReused):
        await centre.submit("k", {**SLEEP, "cpus": 2})
    assert len(centre.queues.jobs["local"]) == 1


async def test_a_request_that_did_nothing_may_be_sent_again_under_its_key() -> None:
    centre = Submitting()
    scheduler = centre.lose_agent()
    away = await centre.submit("k")
    assert away.error is not None
    assert (away.status, away.error.code, away.error.retryable) == ("failed", "agent_not_connected", True)
    centre.bring_back(scheduler)
    assert (await centre.submit("k")).status == "done"
    assert len(centre.queues.jobs["local"]) == 1


@pytest.mark.parametrize("code", ["bad_input", "not_found"])
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_submission_that_found_its_input_bad_or_missing_may_be_sent_again_under_its_key(
    code: str, restarted: bool
) -> None:
    centre = Submitting()
    scheduler = centre.lose_agent()
    centre.bring_back(Faulty(centre.queues, code))
    failed = await centre.submit("k9")
    assert failed.error is not None
    assert (failed.status, failed.error.code, failed.error.retryable) == ("failed", code, False)
    centre.bring_back(scheduler)
    if restarted:
        await centre.crash()
    assert (await centre.submit("k9")).status == "done"
    assert len(centre.queues.jobs["local"]) == 1


async def test_a_submission_that_the_scheduler_may_have_begun_keeps_its_answer() -> None:
    centre = Submitting()
    scheduler = centre.lose_agent()
    centre.bring_back(Faulty(centre.queues, "scheduler_refused"))
    failed = await centre.submit("k")
    centre.bring_back(scheduler)
    assert (await centre.submit("k")).call_id == failed.call_id
    assert len(centre.queues.jobs["local"]) == 0

"""One way for all: a call by page, REST, MCP or model leaves the same records; nobody reaches others' workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from pydantic import JsonValue

from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents, Worker
from ink_core.clock import ManualClock
from ink_core.errors import NotFound
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryLauncher, MemoryQueues, services

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

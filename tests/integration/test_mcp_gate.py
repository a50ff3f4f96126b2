"""The MCP server over the real gate: the same decisions, approvals and records as for any other caller."""

from __future__ import annotations

from typing import Any

import pytest
from mcp import Client

from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint
from ink_core.clock import ManualClock
from ink_core.compute.model import JobState
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, MemoryScheduler, memory_job, services
from mcp_tools.server import Parts, build_server

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="token:laptop")
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:1")
CHAIN = "mcp:token:laptop"


class Centre:
    """One cluster with a job of bob; alice over MCP, the administrator beside her."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.queues = MemoryQueues({"local": [memory_job("7.0", "bob", cluster="local")]})
        administrator = AccessPoint("admin")
        agents = MemoryAgents({}, {administrator: MemoryScheduler(self.queues, "admin")})
        policy = load_policy(None)
        doubles = services(agents, self.queues)
        self.gate = Gate(self.ledger, default_catalogue(), lambda: policy, doubles, ManualClock(), GateLimits())

    def client(self) -> Client:
        return Client(build_server(Parts(default_catalogue(), GateDoor(self.gate), lambda _: ALICE, version="1")))

    async def kinds(self) -> list[str]:
        return [event.kind for event in await self.ledger.read(CHAIN)]


async def asked(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    answer = await client.call_tool(tool, arguments)
    assert answer.structured_content is not None, answer
    return answer.structured_content


@pytest.mark.requirement("MCP-SERVER-01")
async def test_a_read_over_mcp_leaves_the_records_of_any_call() -> None:
    centre = Centre()
    async with centre.client() as client:
        jobs = await asked(client, "list_jobs", owner="*")
    assert [job["job_id"] for job in jobs["jobs"]] == ["7.0"]
    assert await centre.kinds() == ["call.proposed", "call.intent", "call.outcome"]
    (proposed, *_) = await centre.ledger.read(CHAIN)
    assert (proposed.body["origin"], proposed.body["principal"]) == ("mcp", "alice")


@pytest.mark.requirement("MCP-SERVER-04")
@pytest.mark.parametrize("approve", [True, False])
async def test_what_needs_approval_waits_for_the_same_administrator(approve: bool) -> None:
    centre = Centre()
    async with centre.client() as client:
        pending = await asked(client, "remove_jobs", job_ids=["7.0"], reason="please")
        assert pending["status"] == "waiting_approval"
        assert centre.queues.job("local", "7.0").state is not JobState.CANCELLED
        (waiting,) = centre.gate.book.with_approvals()
        assert waiting.approval is not None
        request = waiting.approval
        await centre.gate.desk.decide(request.approval_id, ADMIN, approve, "seen", request.digest)
        ended = await asked(client, "get_call", call_id=pending["call_id"], wait_s=5)
    assert ended["status"] == ("done" if approve else "refused")
    removed = centre.queues.job("local", "7.0").state is JobState.CANCELLED
    assert removed is approve

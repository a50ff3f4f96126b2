"""The Tasks extension over the real gate: calls that wait or take long are tasks of the user who made them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from audit.memory import MemoryLedger
from bench.conformance.long_tools import LONG
from ink_core.agents import AccessPoint
from ink_core.clock import ManualClock
from ink_core.compute.model import JobState
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from manager.gate.call import Phase
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import BUILT_IN, Catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, MemoryScheduler, memory_job, services
from mcp_tools.server import McpEndpoint, Parts
from mcp_tools.server.endpoint import of_request
from mcp_tools.server.task_wire import EXTENSION, KEPT

pytestmark = pytest.mark.requirement("MCP-SERVER-08")

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="token:laptop")
BOB = Principal(username="bob", is_admin=False, scopes=USER_SCOPES, credential="token:desk")
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:1")
TOKENS = {"ink_alice": ALICE, "ink_bob": BOB}
TASKS = {"extensions": {EXTENSION: {}}}
REVISION = "2026-07-28"


class Centre:
    """One cluster with a job of carol, over one ledger; `restarted` is another manager on the same ledger."""

    def __init__(self, ledger: MemoryLedger | None = None, clock: ManualClock | None = None) -> None:
        self.clock = clock or ManualClock()
        self.ledger = ledger or MemoryLedger(self.clock)
        self.queues = MemoryQueues({"local": [memory_job("7.0", "carol", cluster="local")]})
        agents = MemoryAgents({}, {AccessPoint("admin"): MemoryScheduler(self.queues, "admin")})
        policy = load_policy(None)
        catalogue = Catalogue((*BUILT_IN, *LONG))
        self.gate = Gate(
            self.ledger, catalogue, lambda: policy, services(agents, self.queues), self.clock, GateLimits()
        )
        self.parts = Parts(catalogue, GateDoor(self.gate), of_request, "1", clock=self.clock, task_after_s=0.01)

    async def restarted(self) -> Centre:
        await self.gate.close()
        after = Centre(self.ledger, self.clock)
        await after.gate.recover()
        return after

    @asynccontextmanager
    async def client(self, token: str = "ink_alice", capabilities: Any = TASKS) -> AsyncGenerator[RawClient]:
        async def verify(given: str) -> Principal | None:
            return TOKENS.get(given)

        endpoint = McpEndpoint(self.parts, verify, public_url="https://ink.example")
        transport = httpx2.ASGITransport(endpoint.app)
        async with (
            endpoint.running(),
            httpx2.AsyncClient(transport=transport, base_url="http://ink", timeout=60) as http,
        ):
            yield RawClient(http, token, capabilities)

    async def decide(self, call_id: str, *, approve: bool) -> None:
        request = self.gate.book.get(call_id).approval
        assert request is not None
        await self.gate.desk.decide(request.approval_id, ADMIN, approve, "seen", request.digest)


class RawClient:
    """Requests of revision 2026-07-28 as they are on the wire."""

    def __init__(self, http: httpx2.AsyncClient, token: str, capabilities: Any) -> None:
        self._http = http
        self._token = token
        self._capabilities = capabilities

    async def answer(self, method: str, params: dict[str, Any], name: str | None = None) -> dict[str, Any]:
        meta = {
            "io.modelcontextprotocol/protocolVersion": REVISION,
            "io.modelcontextprotocol/clientCapabilities": self._capabilities,
        }
        named = name or params.get("taskId") or params.get("name", "")
        headers = {
            "authorization": f"Bearer {self._token}",
            "accept": "application/json, text/event-stream",
            "mcp-protocol-version": REVISION,
            "mcp-method": method,
            "mcp-name": named,
        }
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}}
        found: dict[str, Any] = (await self._http.post("/mcp", json=body, headers=headers)).json()
        return found

    async def result(self, method: str, **params: Any) -> dict[str, Any]:
        answer = await self.answer(method, params)
        assert "result" in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    async def remove(self) -> dict[str, Any]:
        return await self.result("tools/call", name="remove_jobs", arguments={"job_ids": ["7.0"], "reason": "please"})

    async def settled(self, task_id: str) -> dict[str, Any]:
        """The task once it is over; the test's own time-out bounds the wait."""
        while (task := await self.result("tasks/get", taskId=task_id))["status"] in ("working", "input_required"):
            pass
        return task


@pytest.mark.parametrize("approve", [True, False])
async def test_a_call_that_needs_approval_is_a_task_until_the_administrator_decides(approve: bool) -> None:
    centre = Centre()
    async with centre.client() as client:
        task = await client.remove()
        assert (task["resultType"], task["status"]) == ("task", "working")
        assert task["statusMessage"].startswith("waits for approval: ")
        await centre.decide(task["taskId"], approve=approve)
        ended = await client.settled(task["taskId"])
    assert (ended["status"], ended["result"].get("isError", False)) == ("completed", not approve)
    assert (centre.queues.job("local", "7.0").state is JobState.CANCELLED) is approve


async def test_a_task_outlives_a_restart_of_the_manager() -> None:
    centre = Centre()
    async with centre.client() as client:
        task = await client.remove()
    after = await centre.restarted()
    async with after.client() as client:
        still = await client.result("tasks/get", taskId=task["taskId"])
        assert (still["status"], still["createdAt"]) == ("working", task["createdAt"])
        await after.decide(task["taskId"], approve=True)
        assert (await client.settled(task["taskId"]))["status"] == "completed"
    assert after.queues.job("local", "7.0").state is JobState.CANCELLED


async def test_a_cancelled_task_is_taken_back_and_can_no_longer_be_approved() -> None:
    centre = Centre()
    async with centre.client() as client:
        task = await client.remove()
        await client.result("tasks/cancel", taskId=task["taskId"])
        assert (await client.result("tasks/get", taskId=task["taskId"]))["status"] == "cancelled"
        assert (await client.result("tasks/cancel", taskId=task["taskId"]))["resultType"] == "complete"
    assert centre.queues.job("local", "7.0").state is not JobState.CANCELLED
    kinds = [event.kind for event in await centre.ledger.read("mcp:token:laptop")]
    assert kinds == ["call.proposed", "approval.requested", "approval.decided", "call.refused"]


async def test_a_running_task_ends_when_it_is_cancelled() -> None:
    centre = Centre()
    async with centre.client() as client:
        task = await client.result("tools/call", name="slow_compute", arguments={"seconds": 80})
        await client.result("tasks/cancel", taskId=task["taskId"])
        assert (await client.settled(task["taskId"]))["status"] == "cancelled"
    outcome = (await centre.ledger.read("mcp:token:laptop"))[-1]
    assert outcome.kind == "call.outcome"
    assert "the caller took it back while it ran" in str(outcome.body["error"])


async def test_a_request_that_is_given_up_ends_its_call() -> None:
    centre = Centre()
    async with centre.client(capabilities={}) as client:
        call = client.result("tools/call", name="slow_compute", arguments={"seconds": 80})
        asking = asyncio.create_task(call)
        while not (running := [one for one in centre.gate.book.open_calls() if one.phase is Phase.INTENDED]):
            await asyncio.sleep(0)
        asking.cancel()
        ended = await centre.gate.wait(running[0].call_id, 60)
    assert ended.error is not None and ended.error.code == "cancelled"


@pytest.mark.parametrize("method", ["tasks/get", "tasks/update", "tasks/cancel"])
async def test_a_task_is_nobody_elses(method: str) -> None:
    centre = Centre()
    async with centre.client() as client:
        task = await client.remove()
    async with centre.client("ink_bob") as client:
        answer = await client.answer(method, {"taskId": task["taskId"], "inputResponses": {}})
    assert answer["error"]["code"] == -32602
    assert centre.gate.book.get(task["taskId"]).status.value == "waiting_approval"


async def test_a_task_can_be_asked_for_during_a_day_and_no_longer() -> None:
    centre = Centre()
    async with centre.client() as client:
        task = await client.remove()
        assert task["ttlMs"] == KEPT.total_seconds() * 1000
        centre.clock.advance(KEPT.total_seconds())
        assert (await client.result("tasks/get", taskId=task["taskId"]))["status"] == "working"
        centre.clock.advance(1)
        assert (await client.answer("tasks/get", {"taskId": task["taskId"]}))["error"]["code"] == -32602


async def test_a_client_that_knows_no_tasks_gets_a_state_to_poll_instead() -> None:
    centre = Centre()
    async with centre.client(capabilities={}) as client:
        pending = await client.remove()
        assert pending["structuredContent"]["status"] == "waiting_approval"
        answer = await client.answer("tasks/get", {"taskId": pending["structuredContent"]["call_id"]})
    assert answer["error"]["data"]["requiredCapabilities"] == TASKS


async def test_a_header_that_names_another_task_is_refused() -> None:
    centre = Centre()
    async with centre.client() as client:
        task = await client.remove()
        answer = await client.answer("tasks/get", {"taskId": task["taskId"]}, name="c-other")
    assert answer["error"]["code"] == -32020

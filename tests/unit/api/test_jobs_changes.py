"""Submitting and acting on jobs over HTTP: through the gate, once per key, and refusals that say why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ink_core.agents import AccessPoint
from ink_core.compute.model import JobState
from manager.api.gated_actions import GatedActions
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from mcp_tools.doubles import MemoryAgents, MemoryQueues, MemoryScheduler, memory_job, services
from tests.security.application import application, client, signed_in

SLEEP = {"script": "/bin/sleep", "arguments": ["60"]}


class Centre:
    """The whole application, with a cluster in memory that the real gate submits to and acts on."""

    def __init__(self, http: httpx2.AsyncClient, queues: MemoryQueues, agents: MemoryAgents) -> None:
        self.http = http
        self.queues = queues
        self.agents = agents

    async def submit(self, key: str | None = None, **changes: Any) -> httpx2.Response:
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.http.post("/api/v1/jobs", json={**SLEEP, **changes}, headers=headers)

    async def act(self, **asked: Any) -> httpx2.Response:
        return await self.http.post("/api/v1/jobs/actions", json=asked)

    def states(self) -> dict[str, str]:
        return {job_id: job.state.value for job_id, job in self.queues.jobs["pool"].items()}


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncGenerator[Centre]:
    queues = MemoryQueues({"pool": [memory_job("1.0", "bob")]})
    agents = MemoryAgents({}, {AccessPoint(user): MemoryScheduler(queues, user) for user in ("alice", "bob")})
    async with application(tmp_path) as app, client(app) as http:
        platform = app.state.platform
        policy = platform.policy.current
        gate = Gate(
            platform.ledger, platform.catalogue, policy, services(agents, queues), platform.core.clock, GateLimits()
        )
        app.state.core = replace(app.state.core, queues=queues, actions=GatedActions(GateDoor(gate)))
        http.headers.update(await signed_in(app, "alice"))
        yield Centre(http, queues, agents)
        await gate.close()


@pytest.mark.requirement("CORE-JOBS-12")
async def test_an_array_is_submitted_and_acted_on_as_one(centre: Centre) -> None:
    submitted = await centre.submit(count=3, name="scan")
    assert submitted.status_code == 201
    ids = submitted.json()["job_ids"]
    operation_id = submitted.json()["operation_id"]
    assert submitted.json() == {"cluster": "pool", "job_ids": ["2.0", "2.1", "2.2"], "operation_id": operation_id}
    assert submitted.headers["location"] == "/api/v1/jobs/pool/2.0"
    held = await centre.act(action="hold", job_ids=["2"], reason="wait for calibration")
    assert (held.status_code, held.json()) == (200, {"done": ids, "refused": {}})
    changed = (await centre.http.patch("/api/v1/jobs/pool/2", json={"memory_mb": 4096})).json()
    memory = [centre.queues.jobs["pool"][job_id].memory_mb == 4096 for job_id in ids]
    assert (changed["job_id"], memory) == ("2.0", [True, False, False])
    endless = await centre.http.patch("/api/v1/jobs/pool/2.0", json={"wall_time_s": 367 * 86400})
    assert (endless.status_code, endless.json()["code"]) == (422, "bad_input")
    assert (await centre.act(action="release", all=True)).json()["done"] == ids
    assert (await centre.http.delete("/api/v1/jobs/pool/2")).status_code == 204
    assert {centre.states()[job_id] for job_id in ids} == {"CANCELLED"}
    assert centre.states()["1.0"] == "RUNNING"


async def test_a_request_that_is_sent_again_with_its_key_submits_once(centre: Centre) -> None:
    first, *others = await asyncio.gather(*(centre.submit("scan-7") for _ in range(4)))
    assert first.status_code == 201
    assert [other.json() for other in others] == [first.json()] * 3
    assert len(centre.queues.jobs["pool"]) == 2
    different = await centre.submit("scan-7", cpus=2)
    assert (different.status_code, different.json()["code"]) == (422, "idempotency_key_reused")
    assert (await centre.submit("scan-8")).json() != first.json()
    assert (await centre.submit("x" * 256)).status_code == 422


async def test_an_answer_that_is_an_earlier_calls_says_so(centre: Centre) -> None:
    first, again = await centre.submit("scan-7"), await centre.submit("scan-7")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"


async def test_two_users_may_take_the_same_key(centre: Centre, tmp_path: Path) -> None:
    mine = (await centre.submit("1")).json()
    app = centre.http._transport.app  # type: ignore[attr-defined]
    theirs = await centre.http.post(
        "/api/v1/jobs", json=SLEEP, headers={**await signed_in(app, "bob"), "Idempotency-Key": "1"}
    )
    assert theirs.status_code == 201
    assert theirs.json() != mine


async def test_a_description_is_submitted_as_it_is(centre: Centre) -> None:
    text = "executable = a.sh\nqueue\n"
    submitted = await centre.http.post("/api/v1/jobs/descriptions", json={"text": text})
    assert submitted.status_code == 201
    _, method, sent = next(call for call in centre.agents.calls if call[1].startswith("scheduler.submit"))
    assert (method, sent["description"]["text"]) == ("scheduler.submit_description", text)
    both = await centre.http.post("/api/v1/jobs/descriptions", json={"text": text, "path": "a"})
    assert (both.status_code, both.json()["code"]) == (422, "bad_input")


@pytest.mark.requirement("CORE-JOBS-13")
async def test_the_memory_of_a_held_job_is_changed_and_the_job_released(centre: Centre) -> None:
    await centre.submit()
    await centre.act(action="hold", job_ids=["2.0"])
    seen = await centre.http.get("/api/v1/jobs/pool/2.0")
    changed = await centre.http.patch(
        "/api/v1/jobs/pool/2.0", json={"memory_mb": 4096}, headers={"If-Match": seen.headers["etag"]}
    )
    assert (changed.status_code, changed.json()["memory_mb"]) == (200, 4096)
    late = await centre.http.patch(
        "/api/v1/jobs/pool/2.0", json={"memory_mb": 8192}, headers={"If-Match": seen.headers["etag"]}
    )
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    several = await centre.http.post("/api/v1/jobs/edits", json={"all": True, "changes": {"priority": 5}})
    assert several.json() == {"done": ["2.0"], "refused": {}}
    assert (await centre.act(action="release", job_ids=["2.0"])).json()["done"] == ["2.0"]


async def test_one_job_that_is_refused_is_an_error_and_of_several_each_is_told(centre: Centre) -> None:
    await centre.submit(count=2)
    await centre.act(action="remove", job_ids=["2.0"])
    again = await centre.http.delete("/api/v1/jobs/pool/2.0")
    assert (again.status_code, again.json()["code"]) == (409, "job_refused")
    both = (await centre.act(action="remove", job_ids=["2.0", "2.1"])).json()
    assert both["done"] == ["2.1"] and both["refused"].keys() == {"2.0"}


async def test_a_running_job_is_suspended_and_resumed(centre: Centre) -> None:
    await centre.submit()
    running = centre.queues.jobs["pool"]["2.0"].model_copy(update={"state": JobState.RUNNING})
    centre.queues.jobs["pool"]["2.0"] = running
    assert (await centre.act(action="suspend", all=True)).json()["done"] == ["2.0"]
    assert centre.states()["2.0"] == "SUSPENDED"
    assert (await centre.act(action="resume", all=True)).json()["done"] == ["2.0"]


async def test_somebody_elses_job_waits_for_an_administrator(centre: Centre) -> None:
    waits = await centre.act(action="remove", job_ids=["1.0"])
    assert (waits.status_code, waits.json()["code"]) == (409, "waits_for_approval")
    assert centre.states()["1.0"] == "RUNNING"


@pytest.mark.parametrize(
    "asked",
    [
        {"action": "hold"},
        {"action": "hold", "all": True, "job_ids": ["1.0"]},
        {"action": "explode", "all": True},
        {"action": "hold", "job_ids": ["1.0"], "nonsense": 1},
    ],
)
async def test_what_is_not_clear_is_refused(centre: Centre, asked: dict[str, Any]) -> None:
    answer = await centre.act(**asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")

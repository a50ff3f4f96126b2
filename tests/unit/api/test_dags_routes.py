"""DAGs over HTTP: submitted once per key through the gate, followed node by node, removed as one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ink_core.compute.model import JobState
from ink_core.identity.principal import Principal
from ink_core.plugins import original
from ink_core.plugins.hooks import HOOKS
from tests.unit.api.test_jobs_changes import Centre, centre

__all__ = ["centre"]
pytestmark = pytest.mark.requirement("CORE-JOBS-17")
SUBMISSION = "ink_core.api.jobs.submission.tool_arguments"
DAG: dict[str, Any] = {
    "nodes": [
        {"name": "simulate", "job": {"script": "/bin/sleep", "count": 2}},
        {"name": "merge", "parents": ["simulate"], "job": {"script": "/bin/sleep"}},
    ]
}


async def test_a_dag_is_submitted_followed_and_removed_as_one(centre: Centre) -> None:
    submitted = await centre.http.post("/api/v1/dags", json=DAG)
    assert submitted.status_code == 201
    place = submitted.headers["location"]
    assert place == f"/api/v1/dags/pool/{submitted.json()['dag']}"
    jobs = centre.queues.jobs["pool"]
    for job_id in ("2.0", "2.1"):
        jobs[job_id] = jobs[job_id].model_copy(update={"state": JobState.COMPLETED})
    assert submitted.json()["operation_id"] == jobs["2.0"].operation_id
    seen = (await centre.http.get(place)).json()
    assert (seen["owner"], seen["state"], seen["counts"]) == ("alice", "QUEUEING", {"COMPLETED": 1, "QUEUEING": 1})
    assert [(node["name"], node["state"], node["job_ids"]) for node in seen["nodes"]] == [
        ("simulate", "COMPLETED", ["2.0", "2.1"]), ("merge", "QUEUEING", ["3.0"]),
    ]  # fmt: skip
    assert [node["parents"] for node in seen["nodes"]] == [[], ["simulate"]]
    every = await centre.http.get("/api/v1/dags")
    assert every.json() == [seen] and "ink-observed-at" in every.headers
    listed = (await centre.http.get("/api/v1/jobs/pool/3.0")).json()
    assert (listed["dag"], listed["dag_node"]) == (seen["dag"], "merge")
    assert (await centre.http.delete(place)).status_code == 204
    assert centre.states() == {"1.0": "RUNNING", "2.0": "COMPLETED", "2.1": "COMPLETED", "3.0": "CANCELLED"}


async def test_a_dag_that_a_client_has_is_not_sent_again_and_is_removed_once_for_a_key(centre: Centre) -> None:
    place = (await centre.http.post("/api/v1/dags", json=DAG)).headers["location"]
    etag = (await centre.http.get(place)).headers["etag"]
    assert (await centre.http.get(place, headers={"If-None-Match": etag})).status_code == 304
    answers = [await centre.http.delete(place, headers={"Idempotency-Key": "remove"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert (await centre.http.get(place, headers={"If-None-Match": etag})).status_code == 200


async def test_a_dag_that_is_sent_again_with_its_key_is_submitted_once(centre: Centre) -> None:
    headers = {"Idempotency-Key": "chain-1"}
    answers = await asyncio.gather(*(centre.http.post("/api/v1/dags", json=DAG, headers=headers) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["dag"] for answer in answers}) == 1
    assert len(centre.queues.jobs["pool"]) == 4


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ([{"name": "a", "parents": ["a"], "job": {"script": "x"}}], "wait for each other"),
        ([{"name": "a", "parents": ["b"], "job": {"script": "x"}}], "no such node"),
        ([], "at least 1 item"),
    ],
)
async def test_a_cycle_or_an_unknown_parent_is_a_clear_error(
    centre: Centre, nodes: list[dict[str, Any]], words: str
) -> None:
    answer = await centre.http.post("/api/v1/dags", json={"nodes": nodes})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert words in answer.text


async def test_a_plugin_decides_on_the_arguments_of_a_dag_too(centre: Centre) -> None:
    def in_group(principal: Principal, tool: str, new: Any) -> Any:
        arguments = original(SUBMISSION)(principal, tool, new)
        nodes = [node | {"job": node["job"] | {"group": "physics"}} for node in arguments["nodes"]]
        return arguments | {"nodes": nodes}

    HOOKS.admit("dags")
    with HOOKS.owned_by("dags"):
        HOOKS.register(SUBMISSION, in_group)
    try:
        assert (await centre.http.post("/api/v1/dags", json=DAG)).status_code == 201
    finally:
        HOOKS.withdraw("dags")
    (_, _, asked), *_ = [call for call in centre.agents.calls if call[1] == "scheduler.submit_dag"]
    assert {node["job"]["group"] for node in asked["dag"]["nodes"]} == {"physics"}


async def test_an_unknown_dag_is_not_found(centre: Centre) -> None:
    missing = await centre.http.get("/api/v1/dags/pool/dag-0")
    assert (missing.status_code, missing.json()["code"]) == (404, "dag_not_found")

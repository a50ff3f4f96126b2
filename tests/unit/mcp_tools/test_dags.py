"""The tool that submits a DAG: previewed as a whole, bound to every script, completed after a crash, removed as one."""

from __future__ import annotations

from typing import Any

import pytest

from ink_core.compute.model import JobState
from ink_core.errors import BadInput
from mcp_tools.doubles import memory_job
from tests.unit.mcp_tools.conftest import Centre

pytestmark = pytest.mark.requirement("CORE-JOBS-17")
NODES: list[dict[str, Any]] = [
    {"name": "merge", "parents": ["simulate"], "job": {"script": "merge.sh", "wall_time_s": 3600}},
    {"name": "simulate", "job": {"script": "simulate.sh", "count": 3, "cpus": 2, "wall_time_s": 7200}},
]


async def test_the_preview_counts_the_jobs_of_all_nodes(centre: Centre) -> None:
    preview = await centre.preview("submit_dag", nodes=NODES)
    assert preview.summary == "Submit a DAG of 2 nodes with 4 jobs to pool"
    assert (preview.jobs, preview.cpu_hours) == (4, 13.0)
    assert preview.details == ("merge: 1 × merge.sh after simulate", "simulate: 3 × simulate.sh")


async def test_an_approval_is_bound_to_every_script(centre: Centre) -> None:
    (centre.home / "merge.sh").write_text("#!/bin/sh\n")
    binding = await centre.bind("submit_dag", nodes=NODES)
    assert {one.name.rpartition("/")[2]: one.digest is not None for one in binding.seen} in (
        {"merge.sh": True, "simulate.sh": False}, {},
    )  # fmt: skip
    assert len(binding.seen) + len(binding.unbound) == 2


async def test_a_dag_is_submitted_in_its_order_once_and_found_after_a_crash(centre: Centre) -> None:
    assert await centre.reconcile("submit_dag", "op-dag-0001", nodes=NODES) is None
    submitted = await centre.run("submit_dag", "op-dag-0001", nodes=NODES)
    assert submitted["job_ids"] == ["4.0", "4.1", "4.2", "5.0"]
    sent = centre.agents.calls[-1][2]["dag"]["nodes"]
    assert [node["name"] for node in sent] == ["simulate", "merge"]
    assert sent[0]["job"]["executable"] == "/home/alice/simulate.sh"
    assert await centre.reconcile("submit_dag", "op-dag-0001", nodes=NODES) == submitted
    assert await centre.run("submit_dag", "op-dag-0001", nodes=NODES) == submitted


async def test_a_dag_is_removed_by_its_id_and_a_job_of_somebody_else_is_not(centre: Centre) -> None:
    submitted = await centre.run("submit_dag", nodes=NODES)
    claims = memory_job("9.0", "bob").model_copy(update={"dag": submitted["dag"], "dag_node": "merge"})
    centre.queues.jobs["pool"]["9.0"] = claims
    removed = await centre.run("remove_jobs", job_ids=[submitted["dag"]])
    assert sorted(removed["done"]) == submitted["job_ids"]
    assert centre.queues.jobs["pool"]["9.0"].state is JobState.RUNNING


async def test_what_is_no_dag_is_bad_input(centre: Centre) -> None:
    with pytest.raises(BadInput, match="wait for each other"):
        await centre.run("submit_dag", nodes=[{"name": "a", "parents": ["a"], "job": {"script": "a.sh"}}])

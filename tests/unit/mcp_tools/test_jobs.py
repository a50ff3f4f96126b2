"""Job tools that look and submit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ink_core.agents import AccessPoint
from ink_core.errors import BadInput, JobNotFound, NotFound
from mcp_tools.doubles import MemoryLauncher, memory_job
from mcp_tools.jobs import JobList
from tests.unit.mcp_tools.conftest import Centre

pytestmark = pytest.mark.requirement("TOOLS-JOBS-01")


async def test_the_rows_of_a_list_tell_only_what_is_known_and_are_still_what_its_schema_says(centre: Centre) -> None:
    listed = await centre.run("list_jobs")
    rows = listed["jobs"]
    assert rows and all(value is not None for row in rows for value in row.values())
    assert all(row.keys() >= {"cluster", "job_id", "owner", "name", "state", "command"} for row in rows)
    assert JobList.model_validate(listed).model_dump(mode="json") == listed


async def test_ones_own_jobs_are_listed_by_default(centre: Centre) -> None:
    listed = await centre.run("list_jobs")
    assert {job["job_id"] for job in listed["jobs"]} == {"1.0", "1.1", "3.0"}
    assert (listed["cluster"], listed["total"]) == ("pool", 3)
    assert listed["counts"] == {"RUNNING": 1, "HOLDING": 1, "COMPLETED": 1}


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ({"owner": "*"}, {"1.0", "1.1", "2.0", "3.0"}),
        ({"owner": "bob"}, {"2.0"}),
        ({"states": ["RUNNING", "HOLDING"]}, {"1.0", "1.1"}),
        ({"owner": "*", "states": ["RUNNING"]}, {"1.0", "2.0"}),
        ({"cluster": "slurm"}, {"77"}),
        ({"owner": "nobody"}, set()),
    ],
)
async def test_a_list_is_filtered_by_owner_state_and_cluster(
    centre: Centre, arguments: dict[str, Any], ids: set[str]
) -> None:
    listed = await centre.run("list_jobs", **arguments)
    assert {job["job_id"] for job in listed["jobs"]} == ids


async def test_a_limited_list_tells_how_many_there_are(centre: Centre) -> None:
    listed = await centre.run("list_jobs", owner="*", limit=1)
    assert (len(listed["jobs"]), listed["total"]) == (1, 4)


async def test_a_job_is_found_on_whichever_cluster_has_it(centre: Centre) -> None:
    assert (await centre.run("describe_job", job_id="77"))["cluster"] == "slurm"
    with pytest.raises(JobNotFound):
        await centre.run("describe_job", job_id="77", cluster="pool")
    with pytest.raises(NotFound, match=r"no cluster 'moon'; there are pool, slurm"):
        await centre.run("describe_job", job_id="77", cluster="moon")


@pytest.mark.requirement("CORE-JOBS-08")
async def test_an_id_that_is_not_shown_is_asked_for_by_itself(centre: Centre) -> None:
    for asked in ("99.1", "98"):
        with pytest.raises(JobNotFound):
            await centre.run("describe_job", job_id=asked)
    singly = [("99.1", "99.1"), ("98", "98.0")]
    assert centre.queues.looked_at == [(cluster, ids) for ids in singly for cluster in ("pool", "slurm")]
    assert centre.queues.refreshed == []


async def test_an_id_that_two_clusters_have_asks_for_the_cluster(centre: Centre) -> None:
    centre.queues.jobs["slurm"]["1.0"] = memory_job("1.0", "alice", cluster="slurm")
    with pytest.raises(BadInput, match="pool and slurm; name the cluster"):
        await centre.run("describe_job", job_id="1.0")


async def test_a_held_job_is_explained(centre: Centre) -> None:
    explained = await centre.run("explain_job", job_id="1.1")
    assert (explained["state"], explained["summary"]) == ("HOLDING", "held by the owner")


async def test_a_script_of_the_home_is_submitted_as_its_user(centre: Centre) -> None:
    asked = {"script": "hello.sh", "arguments": ["a b", "$HOME"], "cpus": 2, "count": 2, "name": "hi"}
    submitted = await centre.run("submit_job", **asked)
    assert submitted == {"cluster": "pool", "job_ids": ["4.0", "4.1"], "operation_id": "op-submit_job-0"}
    target, method, sent = centre.agents.calls[-1]
    assert (target, method) == (AccessPoint("alice"), "scheduler.submit")
    assert sent["spec"]["executable"] == "/home/alice/hello.sh"
    assert sent["spec"]["working_directory"] == "/home/alice"
    assert sent["spec"]["arguments"] == ["a b", "$HOME"]
    assert centre.queues.looked_at == [("pool", ("4.0", "4.1"))] and centre.queues.noted[0].job_ids == ("4.0", "4.1")


@pytest.mark.parametrize("where", [{"script": "s" * 4096}, {"script": "run.sh", "working_directory": "d/" * 2048}])
async def test_a_path_that_is_too_long_with_its_home_is_bad_input(centre: Centre, where: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="at most 4096 characters"):
        await centre.run("submit_job", **where)


@pytest.mark.parametrize(
    ("script", "executable"),
    [("~/run.sh", "/home/alice/run.sh"), ("./a/../run.sh", "/home/alice/run.sh"), ("/bin/sleep", "/bin/sleep")],
)
async def test_where_a_script_is_follows_from_the_home(centre: Centre, script: str, executable: str) -> None:
    await centre.run("submit_job", script=script, working_directory="work")
    spec = centre.agents.calls[-1][2]["spec"]
    assert (spec["executable"], spec["working_directory"]) == (executable, "/home/alice/work")


async def test_in_a_session_with_a_worker_a_script_is_found_in_its_workspace(centre: Centre) -> None:
    launched = await centre.run("launch_agent")
    launcher = centre.context.services.launcher
    assert isinstance(launcher, MemoryLauncher)
    launcher.agents[launched["worker_id"]] = replace(launcher.agents[launched["worker_id"]], workspace="/scratch/alice")
    await centre.of("alice", worker_id=launched["worker_id"]).run("submit_job", script="hello.sh")
    assert centre.agents.calls[-1][2]["spec"]["executable"] == "/scratch/alice/hello.sh"


@pytest.mark.requirement("CORE-JOBS-05")
async def test_a_submission_whose_answer_was_lost_is_found_and_not_repeated(centre: Centre) -> None:
    assert await centre.reconcile("submit_job", "op-lost-0001", script="hello.sh") is None
    submitted = await centre.run("submit_job", "op-lost-0001", script="hello.sh")
    assert await centre.reconcile("submit_job", "op-lost-0001", script="hello.sh") == submitted
    assert await centre.run("submit_job", "op-lost-0001", script="hello.sh") == submitted


@pytest.mark.requirement("GATE-PREVIEW-02")
async def test_the_preview_of_a_submission_says_what_it_costs(centre: Centre) -> None:
    preview = await centre.preview("submit_job", script="hello.sh", count=600, cpus=2, wall_time_s=3600)
    assert preview.summary == "Submit 600 jobs of hello.sh to pool (2 CPU, 1024 MB each, at most 1200 CPU-hours)"
    assert preview.owners == ("alice",)


async def test_the_resolved_submission_names_its_cluster(centre: Centre) -> None:
    assert (await centre.resolve("submit_job", script="hello.sh")).model_dump()["cluster"] == "pool"
    with pytest.raises(NotFound, match="moon"):
        await centre.resolve("submit_job", script="hello.sh", cluster="moon")


async def test_a_description_is_submitted_once_as_its_user(centre: Centre) -> None:
    text = "executable = /bin/sleep\narguments = 1\nqueue 3\n"
    preview = await centre.preview("submit_description", text=text)
    assert (preview.jobs, preview.owners) == (3, ("alice",))
    submitted = await centre.run("submit_description", "op-raw-00001", text=text)
    assert await centre.reconcile("submit_description", "op-raw-00001", text=text) == submitted
    target, method, sent = centre.agents.calls[-2]
    assert (target, method) == (AccessPoint("alice"), "scheduler.submit_description")
    assert sent["description"] == {"text": text, "path": None, "working_directory": "/home/alice", "schedd": None}


async def test_a_description_in_a_file_out_of_sight_is_told_to_the_approver(centre: Centre) -> None:
    assert (await centre.bind("submit_description", path="/opt/site/scan.sub")).unbound == ("/opt/site/scan.sub",)
    with pytest.raises(BadInput, match="either text or path"):
        await centre.resolve("submit_description")


async def test_what_only_some_schedulers_know_reaches_them(centre: Centre) -> None:
    asked = {"group": "bes.physics", "priority": 3, "attributes": {"HepJob_JobType": "cpu"}, "stdout": "out.txt"}
    await centre.run("submit_job", script="hello.sh", **asked)
    spec = centre.agents.calls[-1][2]["spec"]
    assert {name: spec[name] for name in asked} == asked

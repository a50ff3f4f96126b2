"""Remove, hold and release: what is resolved, previewed and done."""

from __future__ import annotations

from typing import Any

import pytest

from ink_core.agents import AccessPoint
from ink_core.compute.model import ActionResult, JobState
from ink_core.errors import BadInput, JobNotFound
from mcp_tools import job_choice
from mcp_tools.doubles import memory_job
from tests.unit.mcp_tools.conftest import Centre

pytestmark = pytest.mark.requirement("TOOLS-JOBS-01")


async def ids(centre: Centre, tool: str, **arguments: Any) -> tuple[str, ...]:
    resolved = (await centre.resolve(tool, **arguments)).model_dump()
    assert resolved["owner"] is None and resolved["cluster"]
    return resolved["job_ids"]


async def test_an_owner_becomes_the_jobs_that_the_action_can_act_on(centre: Centre) -> None:
    assert await ids(centre, "remove_jobs", owner="alice") == ("1.0", "1.1")
    assert await ids(centre, "hold_jobs", owner="alice") == ("1.0",)
    assert await ids(centre, "release_jobs", owner="alice") == ("1.1",)
    with pytest.raises(JobNotFound, match="bob has no jobs to release on pool"):
        await ids(centre, "release_jobs", owner="bob")


async def test_the_number_of_an_htcondor_cluster_becomes_its_jobs(centre: Centre) -> None:
    assert await ids(centre, "remove_jobs", job_ids=["1"]) == ("1.0", "1.1")
    assert await ids(centre, "remove_jobs", job_ids=["1", "1.0", "2.0"]) == ("1.0", "1.1", "2.0")
    assert await ids(centre, "remove_jobs", job_ids=["77"], cluster="slurm") == ("77",)
    assert (await centre.resolve("remove_jobs", job_ids=["77"])).model_dump()["cluster"] == "slurm"


async def test_one_unknown_id_stops_all_before_anything_happens(centre: Centre) -> None:
    with pytest.raises(JobNotFound, match=r"99\.0.*; nothing was changed"):
        await centre.run("remove_jobs", job_ids=["1.0", "99.0"])
    assert centre.agents.calls == []


@pytest.mark.parametrize("chosen", [{"owner": "alice"}, {"job_ids": ["1"]}])
async def test_more_jobs_than_one_call_takes_are_refused_and_not_cut(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Any]
) -> None:
    monkeypatch.setattr(job_choice, "MAX_JOBS", 1)
    with pytest.raises(BadInput, match="these are 2 jobs; one call acts on at most 1"):
        await centre.resolve("remove_jobs", **chosen)


@pytest.mark.parametrize("arguments", [{}, {"job_ids": ["1.0"], "owner": "alice"}, {"job_ids": []}])
async def test_jobs_are_chosen_in_one_way(centre: Centre, arguments: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="give either job_ids or owner"):
        await centre.resolve("remove_jobs", **arguments)


@pytest.mark.requirement("GATE-PREVIEW-01")
async def test_the_preview_says_targets_owners_number_and_whether_it_can_be_undone(centre: Centre) -> None:
    preview = await centre.preview("remove_jobs", job_ids=["1.0", "2.0"])
    assert preview.summary == "Remove 2 jobs of alice, bob on pool (running: 2)"
    assert (preview.targets, preview.owners, preview.undo) == (("1.0", "2.0"), ("alice", "bob"), None)
    assert preview.details[0] == "1.0  alice  running  /home/alice/analysis.sh"
    assert (await centre.preview("hold_jobs", job_ids=["1.0"])).undo == "release_jobs with the same ids"


@pytest.mark.parametrize(
    ("tool", "job_id", "state"),
    [
        ("remove_jobs", "1.1", JobState.CANCELLED),
        ("hold_jobs", "1.0", JobState.HOLDING),
        ("release_jobs", "1.1", JobState.QUEUEING),
    ],
)
async def test_an_action_runs_at_the_access_point_and_the_queue_is_looked_at_again(
    centre: Centre, tool: str, job_id: str, state: JobState
) -> None:
    assert await centre.run(tool, job_ids=[job_id], reason="tidying") == {"done": [job_id], "refused": {}}
    assert centre.queues.jobs["pool"][job_id].state is state
    target, method, sent = centre.agents.calls[-1]
    assert (target, method) == (AccessPoint("alice"), "scheduler.act")
    assert sent["reason"] == f"tidying [op-{tool}-0]"
    assert centre.queues.looked_at == [("pool", (job_id,))]


async def test_what_an_approval_is_bound_to_is_looked_at_now_and_not_as_it_was_at_the_last_poll(centre: Centre) -> None:
    bound = await centre.bind("remove_jobs", job_ids=["1.0", "2.0"])
    assert [seen.name for seen in bound.seen] == ["pool/1.0", "pool/2.0"]
    assert centre.queues.looked_at == [("pool", ("1.0", "2.0"))]


async def test_an_administrator_who_approved_acts_on_anothers_job_as_himself(centre: Centre) -> None:
    await centre.of("alice", acting_as="admin").run("remove_jobs", job_ids=["2.0"])
    target, _, sent = centre.agents.calls[-1]
    assert target == AccessPoint("admin")
    assert sent["reason"] == "remove asked by alice [op-remove_jobs-0]"


@pytest.mark.parametrize(("tool", "job_id"), [("remove_jobs", "1.0"), ("hold_jobs", "1.0")])
async def test_an_action_that_is_repeated_after_a_lost_answer_tells_what_it_had_done(
    centre: Centre, tool: str, job_id: str
) -> None:
    ours = ActionResult(done=(job_id,), refused={}).model_dump(mode="json")
    assert await centre.run(tool, "op-lost", job_ids=[job_id]) == ours
    centre.agents.forget_operations()
    assert await centre.run(tool, "op-lost", job_ids=[job_id]) == ours
    assert (await centre.run(tool, "op-another", job_ids=[job_id]))["refused"].keys() == {job_id}


async def test_a_long_reason_leaves_room_for_the_operation(centre: Centre) -> None:
    await centre.run("hold_jobs", "op-long", job_ids=["1.0"], reason="x" * 1000)
    reason = centre.agents.calls[-1][2]["reason"]
    assert len(reason) == 1000 and reason.endswith("x [op-long]")


@pytest.mark.requirement("CORE-JOBS-12")
async def test_a_whole_array_is_acted_on_as_one_whatever_its_members_do(centre: Centre) -> None:
    submitted = await centre.run("submit_job", script="scan.sh", count=3)
    family = submitted["job_ids"][0].split(".")[0]
    assert len(submitted["job_ids"]) == 3
    assert (await centre.run("hold_jobs", job_ids=[family]))["done"] == submitted["job_ids"]
    assert (await centre.run("release_jobs", job_ids=submitted["job_ids"][:1]))["refused"] == {}
    released = await centre.run("release_jobs", job_ids=[family])
    assert (released["done"], released["refused"]) == (submitted["job_ids"][1:], {})
    assert (await centre.run("remove_jobs", job_ids=[family]))["done"] == submitted["job_ids"]


async def test_an_array_is_found_on_whichever_cluster_has_it(centre: Centre) -> None:
    centre.queues.jobs["slurm"] |= {name: memory_job(name, "alice", cluster="slurm") for name in ("80_0", "80_1")}
    assert (await centre.resolve("remove_jobs", job_ids=["80"])).model_dump()["cluster"] == "slurm"
    centre.queues.jobs["pool"]["80.0"] = memory_job("80.0", "alice")
    with pytest.raises(BadInput, match="exists on pool and slurm; name the cluster"):
        await centre.resolve("remove_jobs", job_ids=["80"])


async def test_a_running_job_is_suspended_and_resumed(centre: Centre) -> None:
    assert (await centre.run("suspend_jobs", job_ids=["1.0"]))["done"] == ["1.0"]
    assert (await centre.run("describe_job", job_id="1.0"))["state"] == "SUSPENDED"
    assert (await centre.run("resume_jobs", owner="alice"))["done"] == ["1.0"]
    assert (await centre.run("describe_job", job_id="1.0"))["state"] == "RUNNING"


@pytest.mark.requirement("CORE-JOBS-13")
async def test_a_held_job_is_changed_and_released(centre: Centre) -> None:
    preview = await centre.preview("edit_jobs", job_ids=["1.1"], memory_mb=4096)
    assert preview.summary == "Change job 1.1 of alice on pool (held: 1): memory_mb = 4096"
    assert (await centre.run("edit_jobs", job_ids=["1.1"], memory_mb=4096, name="larger"))["done"] == ["1.1"]
    changed = await centre.run("describe_job", job_id="1.1")
    assert (changed["memory_mb"], changed["name"]) == (4096, "larger")
    assert (await centre.run("edit_jobs", job_ids=["1.0"], cpus=2))["refused"].keys() == {"1.0"}
    assert (await centre.run("release_jobs", job_ids=["1.1"]))["done"] == ["1.1"]


async def test_a_change_of_nothing_is_refused(centre: Centre) -> None:
    with pytest.raises(BadInput, match="say what to change: memory_mb, cpus"):
        await centre.resolve("edit_jobs", job_ids=["1.1"])

"""Slurm's records, and its REST service when it is down, angry or talks nonsense."""

from __future__ import annotations

import getpass
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ink_core.compute.dag import Dag, DagNode, dag_id_of
from ink_core.compute.model import Job, JobSpec, JobState, Node
from ink_core.compute.options import SlurmOptions
from ink_core.compute.precheck import Command
from ink_core.compute.slurm.control import SlurmControl
from ink_core.compute.slurm.description import describe
from ink_core.compute.slurm.explain import explain
from ink_core.compute.slurm.reader import SlurmReader
from ink_core.compute.slurm.reasons import REASONS, reason_for
from ink_core.compute.slurm.records import accounted_ids, comment_of_node, jobs_from, tasks
from ink_core.compute.slurm.rest import SlurmRest
from ink_core.errors import BadInput, JobNotFound, SchedulerDown, SchedulerRefused


def number(value: int) -> dict[str, object]:
    return {"set": True, "infinite": False, "number": value}


def record(job_id: int = 5, state: str = "RUNNING", **changes: object) -> dict[str, Any]:
    base: dict[str, Any] = {
        "job_id": job_id, "user_name": "alice", "name": "n", "job_state": [state], "state_reason": "None",
        "cpus": number(2), "memory_per_node": number(100), "submit_time": number(1000), "start_time": number(1100),
        "end_time": number(1200), "exit_code": {"return_code": number(0), "signal": {"id": {"set": False}}},
    }  # fmt: skip
    return base | changes


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"state": "PENDING"}, JobState.QUEUEING),
        ({"state": "PENDING", "state_reason": "JobHeldUser"}, JobState.HOLDING),
        ({"job_state": ["RUNNING", "COMPLETING"]}, JobState.RUNNING),
        ({"state": "COMPLETED"}, JobState.COMPLETED),
        ({"state": "NODE_FAIL"}, JobState.FAILED),
        ({"state": "TIMEOUT"}, JobState.TIMEOUT),
        ({"state": "OUT_OF_MEMORY"}, JobState.OUT_OF_MEMORY),
        ({"state": "CANCELLED"}, JobState.CANCELLED),
        ({"state": "SUSPENDED"}, JobState.SUSPENDED),
        ({"job_state": ["RUNNING", "STOPPED"]}, JobState.SUSPENDED),
        ({"state": "SPECIAL_EXIT"}, JobState.OTHER),
    ],
)
def test_slurms_states_become_inks(changes: dict[str, Any], state: JobState) -> None:
    (job,) = jobs_from("c", record(**changes))
    assert (job.job_id, job.state, job.memory_mb) == ("5", state, 100)


def test_a_failed_job_tells_its_exit_code_or_signal() -> None:
    (failed,) = jobs_from("c", record(state="FAILED", exit_code={"return_code": number(3)}))
    assert (failed.exit_code, failed.reason) == (3, "the job ended with exit code 3")
    (killed,) = jobs_from("c", record(state="FAILED", exit_code={"signal": {"id": number(9)}}))
    assert (killed.exit_code, killed.reason) == (-9, "the job was ended by signal 9")


def test_a_waiting_array_is_one_job_per_task() -> None:
    waiting = record(state="PENDING", array_job_id=number(5), array_task_string="1-2,7%2")
    assert [job.job_id for job in jobs_from("c", waiting)] == ["5_1", "5_2", "5_7"]
    running = record(job_id=8, array_job_id=number(5), array_task_id=number(0), array_task_string="")
    assert [job.job_id for job in jobs_from("c", running)] == ["5_0"]


@pytest.mark.parametrize(
    ("text", "expected"), [("", []), ("3", [3]), ("0-6:3", [0, 3, 6]), ("nonsense", []), ("1-2,x,4", [1, 2, 4])]
)
def test_task_lists_are_read(text: str, expected: list[int]) -> None:
    assert list(tasks(text)) == expected


@pytest.fixture
def scontrol(tmp_path: Path) -> str:
    """Stands for Slurm's command; counts how often a token was asked for."""
    program = tmp_path / "scontrol"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\necho SLURM_JWT=secret-$(wc -l < {tmp_path}/asked)\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def rest(scontrol: str, answer: Callable[[httpx2.Request], httpx2.Response]) -> SlurmRest:
    options = SlurmOptions(name="c", url="http://slurm.test", scontrol=scontrol, deadline_s=5)
    return SlurmRest(options, httpx2.MockTransport(answer))


@pytest.mark.requirement("CORE-JOBS-07")
def test_a_token_is_asked_for_once_and_again_when_it_is_refused(scontrol: str, tmp_path: Path) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["X-SLURM-USER-TOKEN"])
        return httpx2.Response(511 if len(seen) == 3 else 200, json={"jobs": []})

    client = rest(scontrol, answer)
    for _ in range(3):
        client.jobs()
    assert seen == ["secret-1", "secret-1", "secret-1", "secret-2"]
    assert (tmp_path / "asked").read_text().splitlines() == ["token lifespan=1800"] * 2


@pytest.mark.requirement("CORE-JOBS-09")
@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (httpx2.Response(502, text="<html>"), SchedulerDown, "no JSON"),
        (httpx2.Response(200, json=[1]), SchedulerDown, "no JSON object"),
        (httpx2.Response(511, json={}), SchedulerDown, "HTTP 511"),
        (
            httpx2.Response(500, json={"errors": [{"error_number": 1007, "error": "Unable to contact controller"}]}),
            SchedulerDown,
            "Unable to contact controller",
        ),
        (
            httpx2.Response(500, json={"errors": [{"error_number": 2000, "error": "Invalid partition"}]}),
            SchedulerRefused,
            "Invalid partition",
        ),
        (
            httpx2.Response(404, json={"errors": [{"error_number": 2017, "error": "Invalid job id"}]}),
            JobNotFound,
            "no such",
        ),
    ],
)
def test_each_bad_answer_is_its_own_error(
    scontrol: str, answer: httpx2.Response, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        rest(scontrol, lambda _: answer).jobs()


@pytest.mark.requirement("CORE-JOBS-09")
def test_a_connection_that_fails_is_down_and_tells_no_token(scontrol: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("timed out", request=request)

    with pytest.raises(SchedulerDown, match="timed out") as down:
        rest(scontrol, answer).jobs()
    assert "secret" not in str(down.value)


def test_no_token_is_told_with_the_commands_words(tmp_path: Path) -> None:
    program = tmp_path / "scontrol"
    program.write_text("#!/bin/sh\necho no key >&2; exit 1\n")
    program.chmod(0o755)
    with pytest.raises(SchedulerDown, match="no key"):
        rest(str(program), lambda _: httpx2.Response(200, json={})).jobs()


def test_what_slurm_has_forgotten_is_remembered_after_it_was_seen_ended(scontrol: str) -> None:
    now = {"jobs": [record(5, "RUNNING"), record(6, "COMPLETED", end_time=number(4_000_000_000))]}
    reader = SlurmReader(SlurmOptions(name="c"), rest(scontrol, lambda _: httpx2.Response(200, json=now)))
    reader.snapshot()
    now["jobs"] = [record(5, "RUNNING")]
    assert {job.job_id: job.state for job in reader.snapshot().jobs} == {"5": JobState.RUNNING, "6": JobState.COMPLETED}
    now["jobs"] = [record(6, "PENDING")]
    assert {job.job_id: job.state for job in reader.snapshot().jobs} == {"6": JobState.QUEUEING}


def test_a_waiting_task_that_vanishes_was_cancelled_and_one_that_starts_was_not(scontrol: str) -> None:
    array = {"array_job_id": number(5), "array_task_string": "0-2"}
    now = {"jobs": [record(5, "PENDING", **array)]}
    reader = SlurmReader(SlurmOptions(name="c"), rest(scontrol, lambda _: httpx2.Response(200, json=now)))
    reader.snapshot()
    started = record(6, "RUNNING", array_job_id=number(5), array_task_id=number(0), array_task_string="")
    now["jobs"] = [started, record(5, "PENDING", **array | {"array_task_string": "1"})]
    states = {job.job_id: job.state for job in reader.snapshot().jobs}
    assert states == {"5_0": JobState.RUNNING, "5_1": JobState.QUEUEING, "5_2": JobState.CANCELLED}


def waiting(**changes: object) -> Job:
    job = Job(cluster="c", job_id="5", owner="a", name="n", state=JobState.QUEUEING, command="c", cpus=1, memory_mb=10)
    return job.model_copy(update=changes)


NODES = (Node(name="node1", state="IDLE", cpus=64, cpus_used=0, memory_mb=1000),)


def test_pending_reasons_are_explained_in_plain_words() -> None:
    assert "higher priority" in explain(waiting(reason_code="Priority"), (), NODES).summary
    assert "limit of its account" in explain(waiting(reason_code="QOSMaxCpuPerUserLimit"), (), NODES).summary
    assert (
        "not in service" in explain(waiting(reason_code="ReqNodeNotAvail, UnavailableNodes:node1"), (), NODES).summary
    )
    too_wide = explain(waiting(cpus=65, reason_code="PartitionConfig"), (), NODES)
    assert too_wide.summary.endswith("it asks for 65 CPUs, the largest has 64")
    assert too_wide.proposals == ("ask for at most 64 CPUs",)
    assert all(reason.words and reason.proposal for reason in REASONS.values())
    assert "SomethingNew" in reason_for("SomethingNew").words


def test_the_script_is_the_same_for_every_job_and_names_of_files_are_escaped() -> None:
    command = Command(argv=("/bin/echo", "$(id)"), name="n", label="n", working_directory="/w")
    spec = JobSpec(executable="x", working_directory="/w", stdout="100%.out", count=2, wall_time_s=61)
    job = describe(spec, command, "op")
    assert job["argv"] == ["/bin/echo '$(id)'", "/bin/echo", "$(id)"]
    assert job["standard_output"] == "100%%.out" and job["standard_error"] == "n.err.%A_%a"
    assert job["array"] == "0-1" and job["time_limit"] == number(2)
    with pytest.raises(BadInput, match="backslash"):
        describe(spec.model_copy(update={"stderr": "a\\b"}), command, "op")


def test_a_kind_of_gpu_is_asked_for_by_slurms_own_name() -> None:
    spec = JobSpec(executable="/bin/true", working_directory="/", gpus=2, gpu_type="a100")
    command = Command(argv=("/bin/true",), name="n", label="n", working_directory="/")
    assert describe(spec, command, "op")["tres_per_node"] == "gres/gpu:a100:2"


def test_the_numbers_of_a_job_stand_in_the_names_of_its_files_only() -> None:
    command = Command(argv=("/bin/echo", "a"), name="n", label="n", working_directory="/w")
    spec = JobSpec(executable="x", working_directory="/w", stdout="%{ClusterId}.%{ProcId}.%{x}", count=2)
    assert describe(spec, command, "op")["standard_output"] == "%A.%a.%%{x}"
    alone = spec.model_copy(update={"count": 1})
    assert describe(alone, command, "op")["standard_output"] == "%j.0.%%{x}"
    numbered = Command(argv=("/bin/echo", "%{ProcId}"), name="n", label="n", working_directory="/w")
    with pytest.raises(SchedulerRefused, match="SLURM_ARRAY_TASK_ID"):
        describe(spec, numbered, "op")


def test_an_operation_that_nobody_can_tell_of_is_not_called_unknown(scontrol: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.startswith("/slurm/"):
            return httpx2.Response(200, json={"jobs": []})
        return httpx2.Response(500, json={"errors": [{"error_number": 1, "error": "no connection to slurmdbd"}]})

    control = SlurmControl(SlurmOptions(name="slurm", scontrol=scontrol), rest(scontrol, answer))
    with pytest.raises(SchedulerDown, match="slurmdbd"):
        control.find_operation("op-1")


def test_accounted_arrays_are_one_job_per_task() -> None:
    unset, second = {"set": False, "infinite": False, "number": 0}, {"set": True, "infinite": False, "number": 2}
    assert accounted_ids({"job_id": 5, "array": {"job_id": 0, "task_id": unset, "task": ""}}) == ["5"]
    assert accounted_ids({"job_id": 7, "array": {"job_id": 5, "task_id": second, "task": ""}}) == ["5_2"]
    assert accounted_ids({"job_id": 5, "array": {"job_id": 5, "task_id": unset, "task": "0-1"}}) == ["5_0", "5_1"]


def test_a_comment_tells_what_a_node_waits_for_unless_that_is_very_long() -> None:
    job = JobSpec(executable="/bin/true", working_directory="/")
    parents = tuple(f"n{number}" for number in range(200))
    nodes = [DagNode(name="b", parents=of, job=job) for of in ((), ("a", "x-1"), parents)]
    told = [jobs_from("c", record(5, "PENDING", comment=comment_of_node("op-1", "dag-1", node)))[0] for node in nodes]
    assert [job.dag_parents for job in told] == [{"b": ()}, {"b": ("a", "x-1")}, None]
    assert {(job.operation_id, job.dag, job.dag_node) for job in told} == {("op-1", "dag-1", "b")}


@pytest.mark.requirement("CORE-JOBS-17")
def test_a_node_that_a_killed_submitter_made_once_more_is_removed_before_anything_runs(tmp_path: Path) -> None:
    operation, user = "op-1", getpass.getuser()
    dag_id, job = dag_id_of(operation), JobSpec(executable="/bin/true", working_directory="/")
    dag = Dag(nodes=(DagNode(name="a", job=job), DagNode(name="b", parents=("a",), job=job)))

    def of_node(job_id: int, node: str, reason: str) -> dict[str, Any]:
        comment = f"{operation} dag={dag_id} node={node}"
        return record(job_id, "PENDING", comment=comment, user_name=user, state_reason=reason)

    asked: list[tuple[str, str]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append((request.method, request.content.decode()))
        if request.method == "GET":
            jobs = [of_node(5, "a", "JobHeldUser"), of_node(6, "b", "Dependency"), of_node(7, "b", "Dependency")]
            return httpx2.Response(200, json={"jobs": jobs})
        return httpx2.Response(200, json={"status": []})

    scontrol = tmp_path / "scontrol"
    scontrol.write_text(f'#!/bin/sh\n[ "$1" = token ] && echo SLURM_JWT=t || echo "$@" >> {tmp_path}/released\n')
    scontrol.chmod(0o755)
    options = SlurmOptions(name="c", scontrol=str(scontrol))
    control = SlurmControl(options, SlurmRest(options, httpx2.MockTransport(answer)))
    assert control.submit_dag(dag, operation).job_ids == ("5", "6")
    assert [content for method, content in asked if method == "DELETE"] == ['{"jobs":["7"],"flags":["VERBOSE"]}']
    assert "POST" not in {method for method, _ in asked}
    assert (tmp_path / "released").read_text() == "release 5\n"

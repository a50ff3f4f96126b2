"""Slurm asked by its commands and by PySlurm: what is sent, what comes back, and what cannot be sent so."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from ink_core.compute.model import JobState
from ink_core.compute.options import SlurmOptions
from ink_core.compute.slurm.commands import SlurmCommands
from ink_core.compute.slurm.native import SlurmNative
from ink_core.compute.slurm.native_records import accounted, job, node, partition
from ink_core.compute.slurm.nodes import node_of, out_of_service
from ink_core.compute.slurm.reader import SlurmReader
from ink_core.compute.slurm.records import accounted_ids, jobs_from
from ink_core.compute.slurm.rest import SlurmRest
from ink_core.compute.slurm.sbatch import exported, options_of
from ink_core.errors import SchedulerDown, SchedulerRefused


@pytest.fixture
def commands(tmp_path: Path) -> SlurmCommands:
    """Commands that print what lies beside them under their names, and note how they were called."""
    for name in ("scontrol", "sbatch", "scancel"):
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/{name}.called; env > {tmp_path}/{name}.env\n'
            f"cat {tmp_path}/{name}.error >&2 2>/dev/null && exit 1\ncat {tmp_path}/{name}.prints\n"
        )
        program.chmod(0o755)
    return SlurmCommands(SlurmOptions(name="c", interface="commands", scontrol=str(tmp_path / "scontrol")))


def test_records_are_what_a_command_prints_as_json(commands: SlurmCommands, tmp_path: Path) -> None:
    (tmp_path / "scontrol.prints").write_text(json.dumps({"jobs": [{"job_id": 7, "job_state": ["RUNNING"]}]}))
    (seen,) = SlurmReader(commands.options, commands).snapshot().jobs
    assert (seen.job_id, seen.state) == ("7", JobState.RUNNING)
    assert "--json=v0.0.42" in (tmp_path / "scontrol.called").read_text().splitlines()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            "sbatch: error: submission failed: Unable to contact slurm controller (connect failure)",
            SchedulerDown,
        ),
        ("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", SchedulerDown),
        ("sbatch: error: invalid partition specified: nowhere", SchedulerRefused),
    ],
)
def test_a_daemon_that_is_away_is_down_and_anything_else_is_refused(
    commands: SlurmCommands, tmp_path: Path, words: str, error: type[Exception]
) -> None:
    (tmp_path / "sbatch.error").write_text(words)
    with pytest.raises(error, match=words.rsplit(": ", 1)[1].split("(")[0].strip()):
        commands.submit("#!/bin/sh\n", {"argv": ["a", "a"], "environment": []})


def test_what_prints_no_json_is_told(commands: SlurmCommands, tmp_path: Path) -> None:
    (tmp_path / "scontrol.prints").write_text("JobId=7")
    with pytest.raises(SchedulerDown, match="no jobs as JSON"):
        commands.jobs()


NO_TEXT = b'{"jobs": [{"job_id": 7, "job_state": ["RUNNING"], "name": "no\xfftext", "user_name": "bob"}]}'


def test_a_job_whose_name_is_no_text_hides_no_other(commands: SlurmCommands, tmp_path: Path) -> None:
    """Slurm takes any bytes for a name, and hands them on: in JSON, too."""
    (tmp_path / "scontrol.prints").write_bytes(NO_TEXT)
    assert [one["name"] for one in commands.jobs()] == ["no\N{REPLACEMENT CHARACTER}text"]
    (tmp_path / "scontrol").write_text("#!/bin/sh\necho SLURM_JWT=token\n")
    answering = httpx2.MockTransport(lambda _: httpx2.Response(200, content=NO_TEXT))
    rest = SlurmRest(SlurmOptions(name="c", scontrol=str(tmp_path / "scontrol")), answering)
    assert [one["name"] for one in rest.jobs()] == ["no\N{REPLACEMENT CHARACTER}text"]


def test_what_pyslurm_does_not_read_is_asked_of_the_commands(
    commands: SlurmCommands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: bool) -> None:
        b"\xff".decode()

    library = SimpleNamespace(PyslurmError=OSError, Jobs=SimpleNamespace(load=load))
    monkeypatch.setitem(sys.modules, "pyslurm", library)
    (tmp_path / "scontrol.prints").write_bytes(NO_TEXT)
    (tmp_path / "squeue").write_text("#!/bin/sh\n")
    (tmp_path / "squeue").chmod(0o755)
    (only,) = SlurmNative(commands.options).jobs()
    assert only["job_id"] == 7


@pytest.mark.requirement("CORE-JOBS-22")
def test_a_job_is_submitted_with_its_own_variables_and_nothing_of_it_is_read_by_a_shell(
    commands: SlurmCommands, tmp_path: Path
) -> None:
    (tmp_path / "sbatch.prints").write_text("42;c\n")
    hostile = ["$(id)", "a b", "--wrap=id"]
    assert commands.submit("#!/bin/sh\n", {"argv": ["shown", *hostile], "environment": ["A=1 2", "B=x=y"]}) == "42"
    assert (tmp_path / "sbatch.called").read_text().splitlines() == ["--parsable", "/dev/stdin", *hostile]
    assert {"A=1 2", "B=x=y"} <= set((tmp_path / "sbatch.env").read_text().splitlines())


def test_a_variable_that_sbatch_obeys_is_refused() -> None:
    assert exported(["PATH=/bin", "EMPTY="]) == {"PATH": "/bin", "EMPTY": ""}
    for name in ("SBATCH_ACCOUNT", "SLURM_CONF"):
        with pytest.raises(SchedulerRefused, match=name):
            exported([f"{name}=x"])


def test_a_description_becomes_options_of_sbatch() -> None:
    finite = {"set": True, "infinite": False, "number": 50}
    asked = options_of({
        "argv": ["a"], "environment": [], "name": "n", "tasks": 1, "memory_per_node": finite, "time_limit": finite,
        "tres_per_node": "gres/gpu:2", "array": "0-3", "nice": -5, "hold": True,
        "dependency": "afterok:3", "flags": ["KILL_INVALID_DEPENDENCY"],
    })  # fmt: skip
    assert set(asked) == {
        "--job-name=n", "--ntasks=1", "--mem=50", "--time=50", "--gres=gpu:2", "--array=0-3", "--nice=-5", "--hold",
        "--dependency=afterok:3", "--kill-on-invalid-dep=yes",
    }  # fmt: skip


def test_what_came_through_standard_input_is_shown_by_its_arguments() -> None:
    record = {"job_id": 1, "command": "/dev/stdin", "submit_line": "sbatch --parsable /dev/stdin ./scan.sh 3"}
    assert jobs_from("c", record)[0].command == "./scan.sh 3"


def job_of_pyslurm(**changes: Any) -> SimpleNamespace:
    facts: dict[str, Any] = dict.fromkeys((
        "array_id", "array_task_id", "array_tasks_waiting", "name", "state_reason", "command", "submit_line",
        "submit_time", "start_time", "end_time", "allocated_nodes", "memory_per_node", "memory_per_cpu", "nice",
        "exit_code", "exit_code_signal", "partition", "account", "working_directory", "standard_output",
        "standard_error", "comment",
    ))  # fmt: skip
    facts |= {"id": 5, "user_name": "alice", "state": "RUNNING", "cpus": 2, "time_limit": 60}
    return SimpleNamespace(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "job_id"),
    [
        ({}, ["5"]),
        ({"array_id": 4, "array_task_id": 3}, ["4_3"]),
        ({"array_id": 4, "array_task_id": None}, ["4_0"]),
        ({"array_id": 4, "array_tasks_waiting": "0-1,7"}, ["4_0", "4_1", "4_7"]),
    ],
)
def test_jobs_of_pyslurm_have_the_ids_of_slurm(changes: dict[str, Any], job_id: list[str]) -> None:
    one = job_of_pyslurm(**changes)
    assert [each.job_id for each in jobs_from("c", job(one))] == list(accounted_ids(accounted(one))) == job_id


def test_a_stopped_job_of_pyslurm_is_suspended_and_an_unlimited_one_has_no_limit() -> None:
    (stopped,) = jobs_from("c", job(job_of_pyslurm(time_limit="UNLIMITED"), stopped=True))
    assert (stopped.state, stopped.wall_time_s) == (JobState.SUSPENDED, None)
    (ending,) = jobs_from("c", job(job_of_pyslurm(state="COMPLETING")))
    assert ending.state is JobState.RUNNING


def test_nodes_and_partitions_of_pyslurm_are_those_of_slurm() -> None:
    one = SimpleNamespace(
        name="n1", state="IDLE+DRAIN", total_cpus=64, allocated_cpus=2, real_memory=1000, free_memory=10, cpu_load=1.5,
        reason="disk", configured_gres={"gpu:a100": 4}, partitions=["main"],
    )  # fmt: skip
    record = node(one)
    assert out_of_service(record) and record["cpu_load"] == 150 and record["gres"] == "gpu:a100:4"
    assert (node_of(record).cpus, node_of(record).state) == (64, "IDLE+DRAIN")
    main = SimpleNamespace(
        name="main", state="UP", total_nodes=2, total_cpus=128, max_time="UNLIMITED", allowed_groups=["ALL"],
        allowed_accounts=None,
    )  # fmt: skip
    assert partition(main)["maximums"] == {"time": None}


@pytest.mark.requirement("CORE-JOBS-19")
def test_without_pyslurm_its_interface_says_what_to_do() -> None:
    with pytest.raises(SchedulerDown, match="choose another interface"):
        SlurmNative(SlurmOptions(name="c", interface="pyslurm"))

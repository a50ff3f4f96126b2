"""A pool with two schedds; `test_htcondor.py` runs this on the access point of the development cluster, as alice."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ink_core.compute.dag import Dag, DagNode
from ink_core.compute.factory import open_control, open_reader
from ink_core.compute.model import JobAction, JobSpec, JobState
from ink_core.compute.options import HtcondorOptions
from ink_core.compute.port import JobControl, QueueReader

SECOND = "second@portal.pool.test"
OPTIONS = HtcondorOptions(name="htcondor", schedds=(SECOND,))


@pytest.fixture(scope="module")
def control() -> Iterator[JobControl]:
    opened = open_control(OPTIONS)
    yield opened
    opened.close()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def reader() -> Iterator[QueueReader]:
    opened = open_reader(OPTIONS)
    yield opened
    opened.close()  # type: ignore[attr-defined]


def sleeper(schedd: str | None = None) -> JobSpec:
    spec = JobSpec(executable="/bin/sleep", arguments=("600",), working_directory=str(Path.home()), memory_mb=50)
    return spec.model_copy(update={"stdout": "/dev/null", "stderr": "/dev/null", "schedd": schedd})


def wait(reader: QueueReader, job_id: str, *states: JobState) -> None:
    deadline = time.monotonic() + 60
    while True:
        found = {job.job_id: job.state for job in reader.snapshot().jobs}
        if found.get(job_id) in states:
            return
        assert time.monotonic() < deadline, f"{job_id} is {found.get(job_id)}"
        time.sleep(0.2)


def test_both_schedds_are_listed_together_and_a_job_of_each_is_acted_on_in_one_call(
    control: JobControl, reader: QueueReader
) -> None:
    operation = f"test-{secrets.token_hex(8)}"
    (first,) = control.submit(sleeper(), f"test-{secrets.token_hex(8)}").job_ids
    submitted = control.submit(sleeper(SECOND), operation)
    (second,) = submitted.job_ids
    assert second.endswith(f"@{SECOND}") and "@" not in first
    assert control.submit(sleeper(SECOND), operation) == submitted == control.find_operation(operation)
    seen = reader.snapshot()
    assert {first, second} <= {job.job_id for job in seen.jobs} and seen.problems == ()
    for job_id in (first, second):
        wait(reader, job_id, JobState.RUNNING)
    assert control.act(JobAction.HOLD, [second, first], "wait").done == (second, first)
    assert reader.explain(second).state is JobState.HOLDING
    assert control.act(JobAction.REMOVE, [first, second], "").done == (first, second)
    for job_id in (first, second):
        wait(reader, job_id, JobState.CANCELLED)


def test_a_dag_runs_on_the_schedd_that_is_named(control: JobControl, reader: QueueReader) -> None:
    job = sleeper().model_copy(update={"executable": "/bin/true", "arguments": ()})
    dag = Dag(nodes=(DagNode(name="a", job=job), DagNode(name="b", parents=("a",), job=job)), schedd=SECOND)
    submitted = control.submit_dag(dag, f"test-{secrets.token_hex(8)}")
    wait(reader, submitted.job_ids[0], JobState.COMPLETED)
    nodes = {job.dag_node for job in reader.snapshot().jobs if job.dag == submitted.dag}
    assert submitted.dag.endswith(f"@{SECOND}") and nodes == {None, "a", "b"}


def test_a_schedd_that_is_not_there_leaves_the_jobs_of_the_others_and_is_told(control: JobControl) -> None:
    (job_id,) = control.submit(sleeper(SECOND), f"test-{secrets.token_hex(8)}").job_ids
    reader = open_reader(OPTIONS.model_copy(update={"schedds": (SECOND, "nowhere.pool.test")}))
    deadline = time.monotonic() + 60
    while len((seen := reader.snapshot()).problems) != 1:
        assert time.monotonic() < deadline, seen.problems
    assert job_id in {job.job_id for job in seen.jobs}
    assert "nowhere.pool.test" in seen.problems[0]
    control.act(JobAction.REMOVE, [job_id], "")
    reader.close()  # type: ignore[attr-defined]

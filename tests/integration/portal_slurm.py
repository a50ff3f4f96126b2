"""What only Slurm does; `test_slurm.py` runs this on the portal node of the development cluster, as alice."""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import pytest

from ink_core.compute.dag import Dag, DagNode, dag_id_of
from ink_core.compute.model import Job, JobAction, JobSpec, JobState, Submitted
from ink_core.compute.options import SlurmOptions
from ink_core.compute.slurm.control import SlurmControl
from ink_core.compute.slurm.reader import SlurmReader
from ink_core.compute.slurm.records import Record
from ink_core.compute.slurm.rest import SlurmRest
from ink_core.errors import SchedulerDown, SchedulerRefused

OPTIONS = SlurmOptions(name="slurm", url=os.environ["INK_TEST_SLURM_URL"])
PATIENCE_S = 120


@pytest.fixture
def control() -> Generator[SlurmControl]:
    with closing(SlurmControl(OPTIONS)) as opened:
        yield opened


@pytest.fixture
def reader() -> Generator[SlurmReader]:
    with closing(SlurmReader(OPTIONS)) as opened:
        yield opened


def submit(control: SlurmControl, **changes: object) -> Submitted:
    spec = JobSpec(executable="/bin/sleep", arguments=("60",), working_directory=str(Path.home()), memory_mb=50)
    changes = {"stdout": "/dev/null", "stderr": "/dev/null", **changes}
    return control.submit(spec.model_copy(update=changes), secrets.token_hex(8))


def wait(reader: SlurmReader, job_id: str, state: JobState) -> Job:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        job = next((job for job in reader.snapshot().jobs if job.job_id == job_id), None)
        if job is not None and job.state is state:
            return job
        assert time.monotonic() < deadline, f"job {job_id} is {job}"
        time.sleep(0.2)


def test_a_running_job_is_not_held_and_that_is_told(control: SlurmControl, reader: SlurmReader) -> None:
    (job_id,) = submit(control).job_ids
    wait(reader, job_id, JobState.RUNNING)
    result = control.act(JobAction.HOLD, [job_id], "")
    assert result.done == () and "only waiting jobs" in result.refused[job_id]
    assert control.act(JobAction.REMOVE, [job_id], "").done == (job_id,)


def test_each_task_of_a_waiting_array_is_a_job_and_is_held_by_itself(
    control: SlurmControl, reader: SlurmReader
) -> None:
    submitted = submit(control, count=6, cpus=64)
    last = submitted.job_ids[-1]
    assert control.act(JobAction.HOLD, [last], "").done == (last,)
    assert wait(reader, last, JobState.HOLDING).reason_code == "JobHeldUser"
    assert "released" not in reader.explain(last).summary
    assert control.act(JobAction.RELEASE, [last], "").done == (last,)
    wait(reader, last, JobState.QUEUEING)
    assert control.act(JobAction.REMOVE, submitted.job_ids, "").done == submitted.job_ids
    assert wait(reader, last, JobState.CANCELLED).ended_at is not None


@pytest.mark.parametrize("changes", [{"queue": "nowhere"}, {"group": "nobody"}, {"memory_mb": 99_000_000}])
def test_what_slurm_refuses_is_told_in_its_words(control: SlurmControl, changes: dict[str, object]) -> None:
    with pytest.raises(SchedulerRefused, match=r"Invalid|not available"):
        submit(control, **changes)


@pytest.mark.requirement("CORE-JOBS-09")
def test_a_dead_daemon_and_a_missing_token_command_are_down() -> None:
    for changes in ({"url": "http://127.0.0.1:1"}, {"scontrol": "/bin/false"}, {"scontrol": "/nowhere/scontrol"}):
        with closing(SlurmReader(OPTIONS.model_copy(update=changes))) as unreachable, pytest.raises(SchedulerDown):
            unreachable.snapshot()


class ForgetfulRest(SlurmRest):
    """Slurm's REST daemon with a slurmctld that has forgotten every job, as it does `MinJobAge` after their end."""

    def jobs(self) -> Sequence[Record]:
        return []


@pytest.mark.parametrize("count", [1, 3])
def test_an_operation_that_slurmctld_has_forgotten_is_found_in_the_accounting(count: int) -> None:
    operation = f"op-{secrets.token_hex(12)}"
    spec = JobSpec(executable="/bin/true", working_directory=str(Path.home()), memory_mb=50, count=count)
    spec = spec.model_copy(update={"stdout": "/dev/null", "stderr": "/dev/null"})
    with closing(SlurmControl(OPTIONS)) as control, closing(SlurmControl(OPTIONS, ForgetfulRest(OPTIONS))) as later:
        submitted = control.submit(spec, operation)
        assert later.find_operation("op-of-nobody") is None
        deadline = time.monotonic() + 60
        while later.find_operation(operation) != submitted:
            assert time.monotonic() < deadline, f"the accounting knows {later.find_operation(operation)}"
            time.sleep(0.5)


class KilledAfterTwo(httpx2.HTTPTransport):
    """Ends its process as `kill -9` does when Slurm has taken the second job, whose number is not read any more."""

    taken = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        self.taken += request.method == "POST"
        if self.taken == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return response


def dag_in(folder: Path, *nodes: str) -> Dag:
    """All of them after the first."""
    made: list[DagNode] = []
    for name in nodes:
        (folder / f"{name}.sh").write_text(f"#!/bin/sh\necho {name} >> ran\n")
        job = JobSpec(executable=f"{name}.sh", working_directory=str(folder), memory_mb=50)
        made.append(DagNode(name=name, parents=nodes[:1] if made else (), job=job))
    return Dag(nodes=tuple(made))


def test_a_dag_whose_submitter_was_killed_between_its_jobs_waits_and_is_completed_by_the_next(
    control: SlurmControl, reader: SlurmReader
) -> None:
    with TemporaryDirectory(dir=Path.home()) as name:
        dag, operation = dag_in(Path(name), "first", "left", "right"), f"op-{secrets.token_hex(12)}"
        if (submitter := os.fork()) == 0:
            try:
                SlurmControl(OPTIONS, SlurmRest(OPTIONS, KilledAfterTwo())).submit_dag(dag, operation)
            finally:
                os._exit(1)
        assert os.WTERMSIG(os.waitpid(submitter, 0)[1]) == signal.SIGKILL
        left = {job.dag_node: job.state for job in of_dag(reader, operation)}
        assert left == {"first": JobState.HOLDING, "left": JobState.QUEUEING}
        submitted = control.submit_dag(dag, operation)
        for job_id in submitted.job_ids:
            wait(reader, job_id, JobState.COMPLETED)
        assert sorted(str(job.dag_node) for job in of_dag(reader, operation)) == ["first", "left", "right"]
        first, *others = (Path(name) / "ran").read_text().split()
        assert first == "first" and sorted(others) == ["left", "right"]


def of_dag(reader: SlurmReader, operation: str) -> Sequence[Job]:
    return [job for job in reader.snapshot().jobs if job.dag == dag_id_of(operation)]

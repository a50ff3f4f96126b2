"""What only Slurm does; `test_slurm.py` runs this on the portal node of the development cluster, as alice."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Generator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ink_core.compute.model import Job, JobAction, JobSpec, JobState, Submitted
from ink_core.compute.options import SlurmOptions
from ink_core.compute.slurm.control import SlurmControl
from ink_core.compute.slurm.reader import SlurmReader
from ink_core.compute.slurm.rest import SlurmRest
from ink_core.errors import SchedulerDown, SchedulerRefused

OPTIONS = SlurmOptions(name="slurm", url=os.environ["INK_TEST_SLURM_URL"])


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
    deadline = time.monotonic() + 30
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

    def get(self, path: str) -> Mapping[str, Any]:
        return {"jobs": []} if path == "/jobs/" else super().get(path)


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

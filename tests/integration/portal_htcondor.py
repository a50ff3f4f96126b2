"""What only HTCondor does; `test_htcondor.py` runs this on the access point of the development cluster, as alice."""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import pytest

from ink_core.compute.changes import ChangeKind, JobChange
from ink_core.compute.htcondor.event_log import EventLog
from ink_core.compute.in_child import ChildControl, ChildReader
from ink_core.compute.model import Description, Job, JobAction, JobSpec, JobState
from ink_core.compute.options import HtcondorOptions
from ink_core.errors import SchedulerDown, SchedulerRefused
from joblens.query.queue_marks import QueueMarks
from joblens.records import MarkKind

OPTIONS = HtcondorOptions(name="htcondor")
CHECKPOINTS_ITSELF = """executable = /bin/sh
transfer_executable = false
arguments = "-c 'test -e state && exec sleep 600; touch state; exit 85'"
checkpoint_exit_code = 85
transfer_checkpoint_files = state
should_transfer_files = YES
when_to_transfer_output = ON_EXIT
request_memory = 50
queue
"""


@pytest.fixture
def control() -> Generator[ChildControl]:
    with closing(ChildControl(OPTIONS)) as opened:
        yield opened


@pytest.fixture
def reader() -> Generator[ChildReader]:
    with closing(ChildReader(OPTIONS)) as opened:
        yield opened


def sleeper(**changes: object) -> JobSpec:
    spec = JobSpec(executable="/bin/sleep", arguments=("60",), working_directory=str(Path.home()), memory_mb=50)
    return spec.model_copy(update={"stdout": "/dev/null", "stderr": "/dev/null", **changes})


def submit(control: ChildControl, **changes: object) -> str:
    return control.submit(sleeper(**changes), secrets.token_hex(8)).job_ids[0]


def test_the_schedds_log_tells_which_jobs_something_happened_to(control: ChildControl, tmp_path: Path) -> None:
    """The log of one submission, which has the form of the global one."""
    file = Path.home() / f"events-{secrets.token_hex(4)}"
    events, text = EventLog(file), f"executable = /bin/true\nlog = {file}\nrequest_memory = 50\nqueue 2\n"
    try:
        jobs = control.submit_description(Description(text=text, working_directory=str(Path.home())), file.name).job_ids
        seen: set[str] = set()
        deadline = time.monotonic() + 120
        while seen != set(jobs):
            assert time.monotonic() < deadline, (seen, jobs)
            time.sleep(0.1)
            seen |= set(events.touched())
    finally:
        file.unlink(missing_ok=True)


def test_a_job_that_checkpoints_itself_has_a_mark_when_its_checkpoint_came(
    control: ChildControl, reader: ChildReader
) -> None:
    description = Description(text=CHECKPOINTS_ITSELF, working_directory=str(Path.home()))
    (job_id,) = control.submit_description(description, secrets.token_hex(8)).job_ids
    try:
        begun = until(reader, job_id, lambda job: job.state is JobState.RUNNING)
        after = until(reader, job_id, lambda job: job.checkpoint is not None and job.state is JobState.RUNNING)
    finally:
        control.act(JobAction.REMOVE, [job_id], "")
    assert (after.state, after.checkpoint, after.exit_code) == (JobState.RUNNING, 1, None)
    before = begun.model_copy(update={"checkpoint": None})  # a slow look may see the checkpoint at once
    (mark,) = QueueMarks([before]).take(JobChange(ChangeKind.CHANGED, after), time.time())
    assert after.output_at is not None
    assert (mark.kind, mark.text, mark.time) == (MarkKind.CHECKPOINT, "1", after.output_at.timestamp())


def until(reader: ChildReader, job_id: str, holds: Callable[[Job], bool]) -> Job:
    """The job as the queue shows it, once that holds."""
    deadline = time.monotonic() + 120
    while not (found := [job for job in reader.snapshot().jobs if job.job_id == job_id and holds(job)]):
        assert time.monotonic() < deadline, job_id
        time.sleep(0.2)
    return found[0]


def test_the_reason_of_a_hold_reaches_the_job_ad(control: ChildControl, reader: ChildReader) -> None:
    job_id = submit(control)
    control.act(JobAction.HOLD, [job_id], "the input is not ready")
    explanation = reader.explain(job_id)
    assert any("the input is not ready" in fact for fact in explanation.evidence)
    assert any("hold reason code 1" in fact for fact in explanation.evidence)
    control.act(JobAction.REMOVE, [job_id], "")


@pytest.mark.parametrize(
    ("request_", "number"), [({"memory_mb": 9_000_000}, "9000000 MB of memory"), ({"cpus": 3000}, "3000 CPUs")]
)
def test_a_job_that_no_machine_can_run_is_told_which_request_is_too_large(
    control: ChildControl, reader: ChildReader, request_: dict[str, int], number: str
) -> None:
    job_id = submit(control, **request_)
    explanation = reader.explain(job_id)
    assert explanation.state is JobState.QUEUEING
    assert number in explanation.summary
    assert "ask for at most" in explanation.proposals[0]
    control.act(JobAction.REMOVE, [job_id], "")


def test_an_unmet_requirement_is_named(control: ChildControl, reader: ChildReader) -> None:
    argv = ["condor_submit", "-terse", "executable=/bin/sleep", "arguments=60", 'requirements=Machine == "nowhere"']
    out = subprocess.run([*argv, "-queue", "1"], capture_output=True, text=True, timeout=30, check=True).stdout
    job_id = out.split()[0]
    explanation = reader.explain(job_id)
    assert 'Machine == "nowhere"' in explanation.summary
    assert any(fact.startswith("0 of") and "nowhere" in fact for fact in explanation.evidence)
    control.act(JobAction.REMOVE, [job_id], "")


@pytest.mark.requirement("CORE-JOBS-10")
def test_another_users_job_is_refused_with_its_owner(control: ChildControl, reader: ChildReader) -> None:
    foreign = next((job for job in reader.snapshot().jobs if job.owner == "bob" and job.ended_at is None), None)
    assert foreign is not None, "the host's part of this test submits a job as bob first"
    result = control.act(JobAction.REMOVE, [foreign.job_id], "mine now")
    assert result.done == ()
    assert result.refused == {foreign.job_id: "it is a job of bob"}


def test_a_queue_is_refused_because_there_are_none(control: ChildControl) -> None:
    with pytest.raises(SchedulerRefused, match="no queues"):
        submit(control, queue="long")


@pytest.mark.requirement("CORE-JOBS-09")
def test_an_unknown_schedd_and_a_dead_collector_are_down() -> None:
    for changes in ({"schedd": "nowhere.pool.test"}, {"collector": "127.0.0.1:1"}):
        with (
            closing(ChildReader(OPTIONS.model_copy(update=changes))) as unreachable,
            pytest.raises(SchedulerDown),
        ):
            unreachable.snapshot()

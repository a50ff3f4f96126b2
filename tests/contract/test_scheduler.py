"""What every scheduler adapter must do: the same tests on the local scheduler, on HTCondor and on Slurm.

Here only `local` runs. Real ones need an access point: `tests/integration/test_htcondor.py` and `test_slurm.py` run it
on one, with `INK_TEST_SCHEDULERS` naming the adapters and `INK_TEST_HOME` a directory that the execute nodes see too.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ink_core.compute.factory import open_control, open_reader
from ink_core.compute.model import ENDED_STATES, Job, JobAction, JobSpec, JobState, Submitted
from ink_core.compute.options import ClusterOptions, HtcondorOptions, LocalOptions, SlurmOptions
from ink_core.compute.port import JobControl, QueueReader
from ink_core.errors import BadInput, JobNotFound

SCHEDULERS = os.environ.get("INK_TEST_SCHEDULERS", "local").split(",")
PATIENCE_S = 60
HALF_THE_CPUS = {"local": 1, "slurm": 64}
"""Two jobs of that width fill the cluster: a third one waits. HTCondor holds running jobs too."""


@dataclass(frozen=True)
class Scheduler:
    reader: QueueReader
    control: JobControl
    directory: Path

    def submit(self, script: str, *arguments: str, **changes: object) -> Submitted:
        (self.directory / "job.sh").write_text(f"#!/bin/sh\n{script}\n")
        spec = JobSpec(executable="job.sh", arguments=arguments, working_directory=str(self.directory), memory_mb=50)
        return self.control.submit(spec.model_copy(update=changes), new_operation())

    def job(self, job_id: str) -> Job | None:
        return next((job for job in self.reader.snapshot().jobs if job.job_id == job_id), None)

    def wait(self, job_id: str, *states: JobState) -> Job:
        """The job, once it is in one of these states (default: it has ended)."""
        deadline = time.monotonic() + PATIENCE_S
        job = self.job(job_id)
        while job is None or job.state not in (states or ENDED_STATES):
            assert time.monotonic() < deadline, f"job {job_id} did not come there: {job}"
            time.sleep(0.1)
            job = self.job(job_id)
        return job


def new_operation() -> str:
    return f"test-{secrets.token_hex(8)}"


def options_for(name: str, directory: Path) -> ClusterOptions:
    match name:
        case "local":
            return LocalOptions(name="local", directory=str(directory / "queue"), slots=2)
        case "htcondor":
            return HtcondorOptions(name="htcondor")
        case _:
            return SlurmOptions(name="slurm", url=os.environ["INK_TEST_SLURM_URL"])


@pytest.fixture(params=SCHEDULERS)
def scheduler(request: pytest.FixtureRequest) -> Generator[Scheduler]:
    directory = Path(tempfile.mkdtemp(prefix="ink test $HOME's ", dir=os.environ.get("INK_TEST_HOME")))
    options = options_for(request.param, directory)
    made = Scheduler(open_reader(options), open_control(options), directory)
    yield made
    left = [job.job_id for job in made.reader.snapshot().jobs if job.working_directory == str(directory)]
    made.control.act(JobAction.REMOVE, left, "the test is over")
    for adapter in (made.reader, made.control):
        getattr(adapter, "close", lambda: None)()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.requirement("CORE-JOBS-01")
@pytest.mark.requirement("CORE-JOBS-06")
def test_a_submitted_job_runs_and_its_end_and_output_are_told(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("echo it ran").job_ids
    job = scheduler.wait(job_id)
    assert (job.state, job.exit_code, job.name) == (JobState.COMPLETED, 0, "job.sh")
    assert job.stdout is not None and Path(job.stdout).read_text() == "it ran\n"
    assert Path(job.stdout).name == f"job.sh.out.{job_id}"
    assert job.submitted_at is not None and job.started_at is not None and job.ended_at is not None
    assert job.submitted_at <= job.ended_at


def test_an_exit_code_makes_the_job_failed_and_is_explained(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("exit 7").job_ids
    job = scheduler.wait(job_id)
    assert (job.state, job.exit_code) == (JobState.FAILED, 7)
    explanation = scheduler.reader.explain(job_id)
    assert "7" in explanation.summary and explanation.proposals


def test_arguments_and_environment_arrive_unharmed(scheduler: Scheduler) -> None:
    hostile = ["two words", "it's", 'a "b" c', "$HOME", "$(id)", "%j", "*", "", "\\n", "ä;|&"]
    (job_id,) = scheduler.submit(
        'printf "%s\\n" "$@" "$WORD"', *hostile, environment={"WORD": 'it\'s $5 "now"'}
    ).job_ids
    job = scheduler.wait(job_id)
    assert job.stdout is not None
    assert Path(job.stdout).read_text().splitlines() == [*hostile, 'it\'s $5 "now"']


def test_the_job_knows_its_own_id(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("echo $INK_JOB_ID").job_ids
    job = scheduler.wait(job_id)
    assert job.stdout is not None and Path(job.stdout).read_text() == f"{job_id}\n"


def test_several_equal_jobs_are_submitted_at_once(scheduler: Scheduler) -> None:
    submitted = scheduler.submit("true", count=3)
    assert len(set(submitted.job_ids)) == 3
    assert {scheduler.wait(job_id).state for job_id in submitted.job_ids} == {JobState.COMPLETED}


@pytest.mark.requirement("CORE-JOBS-05")
def test_an_operation_submits_once_however_often_it_is_asked(scheduler: Scheduler) -> None:
    (scheduler.directory / "job.sh").write_text("#!/bin/sh\ntrue\n")
    spec = JobSpec(executable="job.sh", working_directory=str(scheduler.directory), memory_mb=50, count=2)
    operation, answers = new_operation(), list[Submitted]()
    threads = [
        threading.Thread(target=lambda: answers.append(scheduler.control.submit(spec, operation))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len(answers) == 4
    assert len({answer.job_ids for answer in answers}) == 1


@pytest.mark.requirement("CORE-JOBS-05")
def test_an_operation_is_found_while_its_jobs_wait_and_after_they_ended(scheduler: Scheduler) -> None:
    (scheduler.directory / "job.sh").write_text("#!/bin/sh\ntrue\n")
    spec = JobSpec(executable="job.sh", working_directory=str(scheduler.directory), memory_mb=50)
    operation = new_operation()
    assert scheduler.control.find_operation(operation) is None
    submitted = scheduler.control.submit(spec, operation)
    assert scheduler.control.find_operation(operation) == submitted
    assert scheduler.wait(submitted.job_ids[0]).operation_id == operation
    assert scheduler.control.find_operation(operation) == submitted


@pytest.mark.requirement("CORE-JOBS-03")
@pytest.mark.requirement("CORE-JOBS-04")
def test_a_waiting_job_is_held_with_a_reason_released_and_removed(scheduler: Scheduler) -> None:
    cpus = HALF_THE_CPUS.get(scheduler.reader.cluster, 1)
    scheduler.submit("sleep 60", count=2, cpus=cpus)
    (job_id,) = scheduler.submit("sleep 60", cpus=cpus).job_ids
    held = scheduler.control.act(JobAction.HOLD, [job_id], "input is not ready")
    assert held.done == (job_id,) and not held.refused
    assert scheduler.wait(job_id, JobState.HOLDING).reason is not None
    explanation = scheduler.reader.explain(job_id)
    assert explanation.state is JobState.HOLDING and "held" in explanation.summary and explanation.proposals
    assert scheduler.control.act(JobAction.RELEASE, [job_id], "it is ready").done == (job_id,)
    scheduler.wait(job_id, JobState.QUEUEING, JobState.RUNNING)
    assert scheduler.control.act(JobAction.REMOVE, [job_id], "no longer needed").done == (job_id,)
    assert scheduler.wait(job_id).state is JobState.CANCELLED


@pytest.mark.requirement("CORE-JOBS-04")
def test_a_running_job_is_removed(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("sleep 60").job_ids
    assert scheduler.wait(job_id, JobState.RUNNING).node is not None
    assert scheduler.control.act(JobAction.REMOVE, [job_id], "enough").done == (job_id,)
    assert scheduler.wait(job_id).state is JobState.CANCELLED


@pytest.mark.requirement("CORE-JOBS-04")
def test_what_cannot_be_done_is_refused_job_by_job(scheduler: Scheduler) -> None:
    (ended,) = scheduler.submit("true").job_ids
    scheduler.wait(ended)
    (running,) = scheduler.submit("sleep 60").job_ids
    result = scheduler.control.act(JobAction.REMOVE, [ended, running, "99999999.0", "; rm -rf /"], "")
    assert result.done == (running,)
    assert set(result.refused) == {ended, "99999999.0", "; rm -rf /"}
    assert all(result.refused.values())


def test_a_missing_program_or_directory_is_bad_input(scheduler: Scheduler) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        scheduler.submit("true", executable="nothing.sh")
    with pytest.raises(BadInput, match="working directory"):
        scheduler.submit("true", working_directory="/does/not/exist")
    with pytest.raises(BadInput, match="control character"):
        scheduler.submit("true", name="a\nb")


@pytest.mark.requirement("CORE-JOBS-03")
def test_a_job_too_large_for_every_machine_is_refused_or_explained(scheduler: Scheduler) -> None:
    try:
        (job_id,) = scheduler.submit("true", cpus=4000).job_ids
    except BadInput as refusal:
        assert "CPU" in str(refusal)
        return
    explanation = scheduler.reader.explain(job_id)
    assert explanation.state is JobState.QUEUEING
    assert "4000" in explanation.summary and explanation.proposals


def test_an_unknown_job_is_not_found(scheduler: Scheduler) -> None:
    for job_id in ("99999999.0", "99999999", "not-an-id", "1 || true"):
        with pytest.raises(JobNotFound):
            scheduler.reader.explain(job_id)


def test_the_nodes_and_their_use_are_told(scheduler: Scheduler) -> None:
    health = scheduler.reader.health()
    assert health.cluster == scheduler.reader.cluster
    assert health.nodes and all(node.cpus > 0 and 0 <= node.cpus_used <= node.cpus for node in health.nodes)
    assert all(node.memory_mb > 0 for node in health.nodes)

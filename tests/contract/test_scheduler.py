"""What every scheduler adapter must do: the same tests on the local scheduler, on HTCondor and on Slurm."""

from __future__ import annotations

import getpass
import threading
import time
from pathlib import Path

import pytest

from ink_core.compute.model import Description, JobAction, JobChanges, JobSpec, JobState, Submitted
from ink_core.compute.priorities import Measure
from ink_core.errors import BadInput, JobNotFound, SchedulerRefused
from tests.contract.schedulers import PATIENCE_S, Scheduler, new_operation, scheduler

__all__ = ["scheduler"]
DESCRIPTIONS = {
    "htcondor": "executable = job.sh\narguments = $(Process)\noutput = out.$(Process)\nrequest_memory = 50\nqueue 2\n",
    "slurm": "#!/bin/sh\n#SBATCH --array=0-1 --mem=50 --output=out.%a\nsh ./job.sh $SLURM_ARRAY_TASK_ID\n",
}


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
    cpus = scheduler.fill()
    (job_id,) = scheduler.submit("sleep 60", cpus=cpus).job_ids
    held = scheduler.control.act(JobAction.HOLD, [job_id], "input is not ready")
    assert held.done == (job_id,), held.refused
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


@pytest.mark.requirement("CORE-JOBS-15")
def test_what_a_running_job_has_written_is_in_its_file(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("echo one; until [ -e go ]; do sleep 0.1; done; echo two").job_ids
    output = scheduler.wait(job_id, JobState.RUNNING).stdout
    assert output is not None
    deadline = time.monotonic() + PATIENCE_S
    while not Path(output).exists() or Path(output).read_text() != "one\n":
        assert time.monotonic() < deadline, "the first line did not come while the job ran"
        time.sleep(0.1)
    (scheduler.directory / "go").touch()
    scheduler.wait(job_id)
    assert Path(output).read_text() == "one\ntwo\n"


def test_a_running_job_is_suspended_and_resumed(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("sleep 600").job_ids
    scheduler.wait(job_id, JobState.RUNNING)
    scheduler.act_until_done(JobAction.SUSPEND, job_id)
    suspended = scheduler.wait(job_id, JobState.SUSPENDED)
    assert suspended.started_at is not None
    assert scheduler.control.act(JobAction.SUSPEND, [job_id], "").refused.keys() == {job_id}
    scheduler.act_until_done(JobAction.RESUME, job_id)
    scheduler.wait(job_id, JobState.RUNNING)
    assert scheduler.control.act(JobAction.RESUME, [job_id], "").refused.keys() == {job_id}


def test_a_suspended_job_is_removed(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("sleep 600").job_ids
    scheduler.wait(job_id, JobState.RUNNING)
    scheduler.act_until_done(JobAction.SUSPEND, job_id)
    scheduler.wait(job_id, JobState.SUSPENDED)
    assert scheduler.control.act(JobAction.REMOVE, [job_id], "enough").done == (job_id,)
    assert scheduler.wait(job_id).state is JobState.CANCELLED


@pytest.mark.requirement("CORE-JOBS-13")
def test_the_memory_of_a_held_job_is_changed_and_the_job_released(scheduler: Scheduler) -> None:
    cpus = scheduler.fill()
    ids = scheduler.submit("true", count=2, cpus=cpus, wall_time_s=3600).job_ids
    held = scheduler.control.act(JobAction.HOLD, ids, "too little memory")
    assert set(held.done) == set(ids), held.refused
    changes = JobChanges(memory_mb=70, wall_time_s=1800, name="larger")
    assert scheduler.control.edit(changes, ids).done == ids
    for job_id in ids:
        job = scheduler.wait(job_id, JobState.HOLDING)
        assert (job.memory_mb, job.wall_time_s, job.name) == (70, 1800, "larger")
    assert set(scheduler.control.act(JobAction.RELEASE, ids, "").done) == set(ids)
    scheduler.wait(ids[0], JobState.QUEUEING, JobState.RUNNING, JobState.COMPLETED)


@pytest.mark.requirement("CORE-JOBS-13")
def test_memory_and_cpus_of_a_running_job_and_anything_of_an_unknown_one_are_refused(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("sleep 600").job_ids
    scheduler.wait(job_id, JobState.RUNNING)
    result = scheduler.control.edit(JobChanges(memory_mb=70), [job_id, "99999999.0", "; rm -rf /"])
    assert result.done == ()
    assert set(result.refused) == {job_id, "99999999.0", "; rm -rf /"}


def test_a_job_in_the_schedulers_own_language_is_submitted_once(scheduler: Scheduler) -> None:
    (scheduler.directory / "job.sh").write_text("#!/bin/sh\necho task $1\n")
    (scheduler.directory / "job.sh").chmod(0o755)
    text, operation = DESCRIPTIONS.get(scheduler.reader.cluster, "anything"), new_operation()
    description = Description(text=text, working_directory=str(scheduler.directory))
    if scheduler.reader.cluster not in DESCRIPTIONS:
        with pytest.raises(SchedulerRefused, match="no language of its own"):
            scheduler.control.submit_description(description, operation)
        return
    submitted = scheduler.control.submit_description(description, operation)
    assert len(submitted.job_ids) == 2
    assert scheduler.control.submit_description(description, operation) == submitted
    for task, job_id in enumerate(submitted.job_ids):
        job = scheduler.wait(job_id)
        assert (job.state, job.operation_id) == (JobState.COMPLETED, operation)
        assert (scheduler.directory / f"out.{task}").read_text() == f"task {task}\n"


def test_a_description_is_read_from_a_file_and_one_that_is_none_is_refused(scheduler: Scheduler) -> None:
    if scheduler.reader.cluster not in DESCRIPTIONS:
        return
    (scheduler.directory / "job.sh").write_text("#!/bin/sh\ntrue\n")
    (scheduler.directory / "job.sh").chmod(0o755)
    (scheduler.directory / "my jobs").write_text(DESCRIPTIONS[scheduler.reader.cluster])
    from_file = Description(path="my jobs", working_directory=str(scheduler.directory))
    assert len(scheduler.control.submit_description(from_file, new_operation()).job_ids) == 2
    with pytest.raises(BadInput, match="No such file"):
        missing = Description(path="nothing", working_directory=str(scheduler.directory))
        scheduler.control.submit_description(missing, new_operation())
    with pytest.raises(SchedulerRefused):
        nonsense = Description(text="this is = = nonsense", working_directory=str(scheduler.directory))
        scheduler.control.submit_description(nonsense, new_operation())


def test_what_a_user_may_name_is_told(scheduler: Scheduler) -> None:
    associations = scheduler.reader.associations(getpass.getuser())
    if scheduler.reader.cluster == "slurm":
        assert associations.accounts and associations.qos and associations.partitions
    else:
        assert associations.accounts == ()


@pytest.mark.requirement("CORE-JOBS-24")
def test_whose_jobs_come_first_is_told_where_users_are_weighed(scheduler: Scheduler) -> None:
    (job_id,) = scheduler.submit("sleep 60").job_ids
    scheduler.wait(job_id, JobState.RUNNING)
    priorities = scheduler.priorities_with(getpass.getuser())
    expected = Measure.EFFECTIVE_PRIORITY if scheduler.reader.cluster == "htcondor" else Measure.NONE
    assert (priorities.cluster, priorities.measure) == (scheduler.reader.cluster, expected)
    assert [row.rank for row in priorities.users] == sorted(row.rank for row in priorities.users)
    assert all(row.value > 0 and row.factor for row in priorities.users)


@pytest.mark.requirement("CORE-JOBS-23")
def test_some_jobs_are_looked_at_by_themselves_while_they_wait_run_and_after_their_end(scheduler: Scheduler) -> None:
    scheduler.reader.snapshot()
    running, *removed = scheduler.submit("sleep 600", count=3).job_ids
    scheduler.wait(running, JobState.RUNNING)
    seen = {job.job_id: job for job in scheduler.reader.look([running, *removed, "99999999.0", "; rm -rf /"])}
    assert seen.keys() == {running, *removed} and seen[running].state is JobState.RUNNING
    assert scheduler.control.act(JobAction.REMOVE, [running], "").done == (running,)
    deadline = time.monotonic() + PATIENCE_S
    while {job.state for job in scheduler.reader.look([running])} != {JobState.CANCELLED}:
        assert time.monotonic() < deadline, scheduler.reader.look([running])
        time.sleep(0.1)
    assert scheduler.wait(running).state is JobState.CANCELLED
    assert scheduler.reader.look([]) == scheduler.reader.look(["not-an-id"]) == []


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


def test_what_the_cluster_consists_of_is_told(scheduler: Scheduler) -> None:
    topology = scheduler.reader.topology()
    names = {node.name for node in topology.nodes}
    assert topology.cluster == scheduler.reader.cluster
    assert names == {node.name for node in scheduler.reader.health().nodes}
    assert all(node.cpus > 0 and node.memory_mb > 0 for node in topology.nodes)
    assert {slot.node for slot in topology.slots} <= names
    parts = {"htcondor": (topology.slots, topology.schedds), "slurm": (topology.partitions,)}
    assert all(parts.get(topology.cluster, ()))
    assert all(node.partitions for node in topology.nodes) == (topology.cluster == "slurm")

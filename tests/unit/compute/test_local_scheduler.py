"""The local scheduler: order, slots, crashes and clean-up. What all schedulers do is in the contract."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ink_core.clock import ManualClock
from ink_core.compute.local.capacity import Capacity
from ink_core.compute.local.control import LocalControl
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.reader import LocalReader
from ink_core.compute.local.slots import CLAIM_LIFETIME_S, claim_next, reap
from ink_core.compute.model import JobAction, JobChanges, JobSpec, JobState
from ink_core.compute.processes import identity, is_alive, pid_of
from ink_core.errors import SchedulerDown, SchedulerRefused
from joblens.collector.identity.evidence import gather
from joblens.collector.identity.identities import Identities, Site
from joblens.collector.probes.probe import Found
from joblens.records import JobKey
from tests.unit.compute.conftest import SLOTS, Local


def running(pid: int) -> bool:
    return identity(pid) is not None


@pytest.mark.requirement("CORE-JOBS-06")
def test_waiting_jobs_start_in_order_when_a_slot_is_free_though_nobody_asks(local: Local) -> None:
    keeps_one_slot = local.submit("sleep 60")
    jobs = local.submit_many(f"until test -e {local.work}/go; do sleep 0.05; done", count=4)
    assert [local.job(job_id).state for job_id in (keeps_one_slot, *jobs)] == ["RUNNING"] * 2 + ["QUEUEING"] * 3
    (local.work / "go").write_text("")
    local.wait_for_end(jobs[-1])
    started = [local.wait_for_end(job_id).started_at or 0 for job_id in jobs]
    assert started == sorted(started)


def test_a_wide_job_waits_for_its_slots_and_is_not_overtaken(local: Local) -> None:
    first = local.submit("sleep 60")
    wide = local.submit("true", cpus=2)
    narrow = local.submit("true")
    assert [local.job(job).state for job in (first, wide, narrow)] == ["RUNNING", "QUEUEING", "QUEUEING"]
    explanation = local.reader.explain(narrow)
    assert "1 of 2 slots are in use; this job needs 1" in explanation.evidence
    assert "1 waiting jobs are ahead" in explanation.evidence
    local.control.act(JobAction.REMOVE, [first], "")
    assert local.wait_for_end(narrow).state == "COMPLETED"


def test_what_is_said_of_a_waiting_job_counts_its_priority(local: Local) -> None:
    local.submit_many("sleep 60", count=2)
    early = local.submit("true")
    urgent = local.submit("true", priority=5)
    assert "0 waiting jobs are ahead" in local.reader.explain(urgent).evidence
    explanation = local.reader.explain(early)
    assert "1 waiting jobs are ahead" in explanation.evidence
    assert "by their priority, then in the order" in explanation.summary


def test_the_numbers_of_a_job_stand_where_their_placeholders_are(local: Local) -> None:
    jobs = local.submit_many("echo %{ProcId} of %{ClusterId}", count=2, stdout="out.%{ClusterId}.%{ProcId}")
    cluster = jobs[0].partition(".")[0]
    for proc, job_id in enumerate(jobs):
        assert local.wait_for_end(job_id).stdout == f"out.{cluster}.{proc}"
        assert (local.work / f"out.{cluster}.{proc}").read_text() == f"{proc} of {cluster}\n"


def test_a_job_wider_than_the_machine_is_refused(local: Local) -> None:
    with pytest.raises(SchedulerRefused, match="asks for 3 CPUs"):
        local.submit("true", cpus=3)


@pytest.mark.requirement("CORE-JOBS-06")
def test_a_job_survives_the_death_of_its_submitter(local: Local) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from ink_core.compute.local.control import LocalControl\n"
        "from ink_core.compute.model import JobSpec\n"
        "control = LocalControl('local', Path(sys.argv[1]), owner='alice', slots=2)\n"
        "arguments = ('-c', 'sleep 0.3; echo done')\n"
        "spec = JobSpec(executable='/bin/sh', arguments=arguments, working_directory=sys.argv[2])\n"
        "print(control.submit(spec, 'operation-1').job_ids[0], flush=True)\n"
        "os.killpg(0, signal.SIGKILL)\n"
    )
    argv = [sys.executable, "-I", "-c", program, str(local.directory), str(local.work)]
    submitter = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False, start_new_session=True)
    assert submitter.returncode == -signal.SIGKILL
    job = local.wait_for_end(submitter.stdout.strip())
    assert job.state == "COMPLETED"
    assert Path(local.work, job.stdout).read_text() == "done\n"


@pytest.mark.requirement("CORE-JOBS-05")
def test_duplicates_from_several_processes_submit_once(local: Local) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ink_core.compute.local.control import LocalControl\n"
        "from ink_core.compute.model import JobSpec\n"
        "control = LocalControl('local', Path(sys.argv[1]), owner='alice', slots=2)\n"
        "sys.stdin.readline()\n"
        "spec = JobSpec(executable='/bin/true', working_directory=sys.argv[2], count=3)\n"
        "print(control.submit(spec, 'operation-1').job_ids)\n"
    )
    argv = [sys.executable, "-I", "-c", program, str(local.directory), str(local.work)]
    started = [subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = {process.communicate(timeout=60)[0] for process in started}
    assert answers == {"('1.0', '1.1', '1.2')\n"}
    assert len(local.reader.snapshot().jobs) == 3


def test_an_operation_belongs_to_its_owner(local: Local) -> None:
    spec = JobSpec(executable="/bin/true", working_directory=str(local.work))
    mine = local.control.submit(spec, "operation-1")
    bob = LocalControl("local", local.directory, owner="bob", slots=2)
    assert bob.find_operation("operation-1") is None
    assert bob.submit(spec, "operation-1").job_ids != mine.job_ids


@pytest.mark.requirement("CORE-JOBS-10")
def test_another_users_job_is_refused_except_to_a_superuser(local: Local) -> None:
    job_id = local.submit("sleep 60")
    bob = LocalControl("local", local.directory, owner="bob", slots=2)
    assert bob.act(JobAction.REMOVE, [job_id], "").refused == {job_id: "it is a job of alice"}
    admin = LocalControl("local", local.directory, owner="admin", superusers=("admin",), slots=2)
    assert admin.act(JobAction.REMOVE, [job_id], "too long").done == (job_id,)
    assert local.wait_for_end(job_id).reason == "too long (by admin)"


def test_a_killed_runner_fails_its_job_ends_its_processes_and_frees_the_slot(local: Local) -> None:
    job_id = local.submit(f"echo $$ > {local.work}/pid; exec sleep 60", cpus=2)
    pid = int(local.wait_for_text("pid"))
    job = local.wait(job_id, lambda job: job.process is not None)
    assert job.runner is not None
    waiting = local.submit("true")
    os.kill(pid_of(job.runner), signal.SIGKILL)
    local.wait(job_id, lambda job: not is_alive(job.runner or ""))
    explanation = local.reader.explain(job_id)
    assert explanation.state is JobState.FAILED
    assert "died" in explanation.summary and explanation.proposals == ("submit it again",)
    assert local.wait_for_end(waiting).state == "COMPLETED"
    local.wait(job_id, lambda _: not running(pid))


def test_a_runner_of_an_earlier_boot_is_dead_though_its_pid_lives(local: Local) -> None:
    own = identity(os.getpid())
    assert own is not None and is_alive(own)
    boot, pid, started = own.split(":")
    assert not is_alive(f"other-boot:{pid}:{started}")
    assert not is_alive(f"{boot}:{pid}:1")


def test_nothing_of_a_job_outlives_it(local: Local) -> None:
    job_id = local.submit(f"setsid sh -c 'echo $$ > {local.work}/pid; exec sleep 60' & sleep 0.5")
    pid = int(local.wait_for_text("pid"))
    assert local.wait_for_end(job_id).state == "COMPLETED"
    local.wait(job_id, lambda _: not running(pid))


def test_a_removed_job_that_ignores_the_request_is_killed(local: Local) -> None:
    job_id = local.submit(f"trap '' TERM; echo $$ > {local.work}/pid; while :; do sleep 0.1; done")
    pid = int(local.wait_for_text("pid"))
    assert local.control.act(JobAction.REMOVE, [job_id], "enough").done == (job_id,)
    assert local.job(job_id).state == "CANCELLED"
    assert local.wait_for_end(job_id).reason == "enough (by alice)"
    local.wait(job_id, lambda _: not running(pid))


def test_the_wall_time_ends_a_job_as_timeout(local: Local) -> None:
    job = local.wait_for_end(local.submit("sleep 60", wall_time_s=1))
    assert (job.state, job.reason) == ("TIMEOUT", "the job reached its wall time of 1 s")
    assert "longer wall time" in local.reader.explain(job.job_id).proposals[0]


def test_a_held_running_job_stops_and_runs_again_when_released(local: Local) -> None:
    job_id = local.submit(f"echo x >> {local.work}/runs; test $(wc -l < {local.work}/runs) = 2 || sleep 60")
    local.wait_for_text("runs")
    local.control.act(JobAction.HOLD, [job_id], "wait for the input")
    local.control.act(JobAction.RELEASE, [job_id], "")
    job = local.wait_for_end(job_id)
    assert (job.state, job.exit_code) == ("COMPLETED", 0)
    assert (local.work / "runs").read_text() == "x\nx\n"


def test_a_job_that_cannot_start_is_held_with_the_reason_and_can_be_released(local: Local) -> None:
    (local.work / "sub").mkdir()
    blocker = local.submit("sleep 60", cpus=2)
    job_id = local.submit("echo fine", stdout="sub/out")
    (local.work / "sub").rmdir()
    local.control.act(JobAction.REMOVE, [blocker], "")
    job = local.wait(job_id, lambda job: job.state == "HOLDING" and job.claim is None)
    assert job.reason_code == "start_failed" and "sub/out" in (job.reason or "")
    assert "could not be started" in local.reader.explain(job_id).summary
    (local.work / "sub").mkdir()
    local.control.act(JobAction.RELEASE, [job_id], "")
    assert local.wait_for_end(job_id).state == "COMPLETED"


def test_use_is_measured(local: Local) -> None:
    program = "x = bytearray(80 * 2**20); sum(range(3 * 10**6))"
    spec = {"executable": sys.executable, "arguments": ("-c", program)}
    job = local.wait_for_end(local.submit("", **spec))
    assert job.memory_peak_mb is not None and 80 <= job.memory_peak_mb < 200
    assert job.cpu_used_s is not None and 0 < job.cpu_used_s < 20


def test_a_claim_whose_runner_never_came_goes_back_to_the_queue(local: Local) -> None:
    blocker = local.submit("sleep 60", cpus=2)
    waiting = local.submit("true")
    queue = LocalQueue(local.directory)
    claim = claim_next(queue, Capacity(10, 100_000), now=1000.0)
    assert claim is not None and claim.job_id == waiting
    reap(queue, now=1000.0 + CLAIM_LIFETIME_S / 2)
    assert local.job(waiting).state == "RUNNING"
    reap(queue, now=1000.0 + CLAIM_LIFETIME_S + 1)
    assert (local.job(waiting).state, local.job(waiting).claim) == ("QUEUEING", None)
    assert local.job(blocker).state == "RUNNING"


def test_a_job_begins_when_the_memory_that_it_asks_for_is_free(local: Local) -> None:
    local.submit("sleep 60", cpus=SLOTS, memory_mb=600)
    waiting = local.submit("true", memory_mb=500)
    assert claim_next(local.queue, Capacity(cpus=10, memory_mb=1_000), now=1000.0) is None
    claim = claim_next(local.queue, Capacity(cpus=10, memory_mb=1_100), now=1000.0)
    assert claim is not None and claim.job_id == waiting


def test_what_asks_for_more_than_the_machine_has_is_refused_and_keeps_no_other_out(local: Local) -> None:
    with pytest.raises(SchedulerRefused, match="asks for 16000000 MB of memory, and this machine has"):
        local.submit("true", memory_mb=16_000_000)
    local.submit("sleep 60", cpus=SLOTS, memory_mb=50)
    large, small, same = local.submit_many("true", memory_mb=900, count=3)
    assert "16000000 MB" in local.control.edit(JobChanges(memory_mb=16_000_000), [large]).refused[large]
    assert local.control.edit(JobChanges(memory_mb=100), [small]).done == (small,)
    claim = claim_next(local.queue, Capacity(cpus=10, memory_mb=800), now=1000.0)
    assert claim is not None and claim.job_id == small
    assert [local.job(each).state for each in (large, same)] == ["HOLDING", "HOLDING"]
    assert local.job(large).reason_code == "too_large"
    assert local.reader.explain(large).proposals == ("ask for less, then release the job",)


def test_ended_jobs_are_shown_for_a_while_only(local: Local) -> None:
    job_id = local.submit("true")
    ended_at = local.wait_for_end(job_id).ended_at
    assert ended_at is not None
    clock = ManualClock(local.reader.snapshot().observed_at)
    reader = LocalReader("local", local.directory, slots=2, history_s=3600, clock=clock)
    assert [job.job_id for job in reader.snapshot().jobs] == [job_id]
    clock.advance(3700)
    assert reader.snapshot().jobs == ()


def test_a_queue_that_cannot_be_opened_is_down(tmp_path: Path) -> None:
    (tmp_path / "queue.db").write_text("this is no database, and long enough to be taken for a damaged one" * 20)
    with pytest.raises(SchedulerDown, match="cannot be used"):
        LocalReader("local", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(SchedulerDown):
        LocalControl("local", tmp_path / "file" / "queue")


def test_a_job_id_that_is_none_finds_nothing(local: Local) -> None:
    for job_id in ("", "1", "x.y", "1.0; DROP TABLE jobs", "-1.0", "9" * 40 + ".0", "٣.0"):
        assert local.queue.job(job_id) is None


def test_joblens_tells_a_running_job_by_the_process_around_it(local: Local) -> None:
    job_id = local.submit("sleep 60")
    job = local.wait(job_id, lambda job: job.process is not None)
    root, runner = pid_of(job.process or ""), pid_of(job.runner or "")
    found = Found(1, root, os.getuid(), 0.0, "sh", {}, "0::/", False, gather(runner, os.getuid()))
    assert Identities("node1", Site(local_directory=str(local.directory))).name(found).key == JobKey("local", job_id)

"""Real HTCondor and Slurm jobs: found with nothing changed in them, and under their schedulers' own ids."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from joblens.records import MarkKind
from tests.acceptance.waiting import until
from tests.integration.cluster.dev_cluster import WORKER_IMAGE, DevCluster, dev_cluster
from tests.integration.joblens.pool_jobs import PATIENCE_S, PoolJobs, pool_jobs

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(600)]
STEPS = "#!/bin/sh\nsrun --overlap --mem=10 -n 3 sleep 900 &\nsrun --overlap --mem=10 -n 1 sleep 900 &\nwait\n"
BOTH_PARTS = "#!/bin/sh\nuntil srun --het-group=0,1 sleep 900; do sleep 1; done\n"
"""A step that Slurm refuses at first, as a busy one may, would end the job before anybody has looked."""
FORGE = """cd "$_CONDOR_SCRATCH_DIR"
sleep 1
sed -e 's/^ClusterId = .*/ClusterId = 999999/' -e 's/^GlobalJobId = .*/GlobalJobId = "portal#999999.0#1"/' .job.ad > new
mv new .job.ad
touch "$1"
exec sleep 900
"""
CONTAINER = f"#!/bin/sh\nexec apptainer exec {WORKER_IMAGE} sleep 900\n"


@pytest.fixture(scope="module")
def jobs(dev_cluster: DevCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PoolJobs]:
    with pool_jobs(dev_cluster, tmp_path_factory.mktemp("collector")) as jobs:
        yield jobs


@pytest.mark.requirement("LENS-LIFE-01")
def test_htcondor_jobs_are_found_under_their_own_ids_with_what_they_asked_for(jobs: PoolJobs) -> None:
    first, second = jobs.condor("/bin/sleep", "900", 2, "request_cpus=2", "request_memory=300")
    info = jobs.info("htcondor", second)
    assert (info.user, info.uid, info.name, info.schedd) == ("alice", 2001, "sleep", "portal.pool.test")
    assert (info.cpus, info.memory_bytes) == (2, 300 * 1024**2)
    assert jobs.info("htcondor", first).root_pid != info.root_pid
    jobs.remove_condor(first, second)
    assert jobs.final(first).processes == 0
    assert [mark.kind for mark in jobs.manager.marks(first)] == [MarkKind.START, MarkKind.END]


@pytest.mark.requirement("LENS-LIFE-01")
@pytest.mark.requirement("LENS-LIFE-07")
def test_a_job_of_the_second_schedd_is_another_job(jobs: PoolJobs) -> None:
    (job,) = jobs.condor("/bin/sleep", "900")
    argv = ["condor_submit", "-terse", "-name", "second@portal.pool.test", "executable=/bin/sleep", "arguments=900",
            "transfer_executable=false", "-queue", "1"]  # fmt: skip
    other = jobs.cluster.exec("portal", argv, "alice").split()[0]
    assert jobs.info("htcondor", f"{other}@second@portal.pool.test").schedd == "second@portal.pool.test"
    assert jobs.info("htcondor", job).schedd == "portal.pool.test"
    jobs.cluster.try_exec("portal", ["condor_rm", "-name", "second@portal.pool.test", other], "alice")
    jobs.remove_condor(job)


@pytest.mark.requirement("LENS-LIFE-02")
@pytest.mark.requirement("LENS-LIFE-06")
def test_the_steps_of_a_slurm_job_and_all_their_tasks_are_one_job(jobs: PoolJobs) -> None:
    job = jobs.slurm("--ntasks=4", "--mem=60", "--nodelist=node1", script=STEPS)
    until("all steps are seen", lambda: len(jobs.info("slurm", job).step.split(",")) == 3, PATIENCE_S)
    info = jobs.info("slurm", job)
    assert set(info.step.split(",")) == {"batch", "0", "1"}
    assert (info.user, info.uid, info.memory_bytes) == ("alice", 2001, 60 * 1024**2)
    # a shell, two pairs of srun, three tasks of one step and one of the other
    until("all tasks are counted", lambda: jobs.last(job).processes == 9, PATIENCE_S)
    jobs.remove_slurm(job)
    assert jobs.final(job).processes == 0


@pytest.mark.requirement("LENS-LIFE-02")
def test_tasks_of_an_array_have_the_names_that_slurm_gives_them(jobs: PoolJobs) -> None:
    array = jobs.slurm("--array=3-4")
    roots = {jobs.info("slurm", f"{array}_{task}").root_pid for task in (3, 4)}
    assert len(roots) == 2
    jobs.remove_slurm(array)


def test_a_job_that_says_it_is_of_somebody_elses_array_is_not(jobs: PoolJobs) -> None:
    job = jobs.slurm("--export=ALL,SLURM_ARRAY_JOB_ID=1,SLURM_ARRAY_TASK_ID=7,SLURM_JOB_USER=bob")
    assert jobs.info("slurm", job).user == "alice"
    assert jobs.manager.samples("1_7") == []
    jobs.remove_slurm(job)


def test_a_running_job_that_gives_itself_another_id_does_not_get_it(jobs: PoolJobs) -> None:
    folder = jobs.cluster.exec("portal", ["mktemp", "-d", "/shared/home/alice/forge.XXXX"], "alice").strip()
    jobs.cluster.exec("portal", ["sh", "-c", f"cat > {folder}/forge.sh"], "alice", stdin=FORGE)
    (job,) = jobs.condor("/bin/sh", f"{folder}/forge.sh {folder}/done")
    assert jobs.info("htcondor", job).user == "alice"
    forged = ["test", "-e", f"{folder}/done"]
    until("its description is changed", lambda: jobs.cluster.try_exec("portal", forged).returncode == 0, PATIENCE_S)
    jobs.new_collector()
    until("it is refused", lambda: "was changed after the job began" in jobs.collector.said(), PATIENCE_S)
    assert jobs.manager.samples("999999.0") == []
    jobs.remove_condor(job)


@pytest.mark.requirement("LENS-LIFE-02")
def test_parts_of_a_heterogeneous_job_are_told_apart(jobs: PoolJobs) -> None:
    job = jobs.slurm("--ntasks=1", ":", "--ntasks=1", "--mem=20", script=BOTH_PARTS)
    parts = [jobs.info("slurm", part) for part in (job, str(int(job) + 1))]
    assert [part.user for part in parts] == ["alice", "alice"]
    assert parts[0].root_pid != parts[1].root_pid
    jobs.remove_slurm(job)


@pytest.mark.requirement("LENS-LIFE-01")
@pytest.mark.requirement("LENS-LIFE-02")
def test_what_runs_in_containers_belongs_to_its_job(jobs: PoolJobs) -> None:
    (condor,) = jobs.condor("/usr/bin/apptainer", f"exec {WORKER_IMAGE} sleep 900")
    slurm = jobs.slurm("--mem=200", script=CONTAINER)
    assert jobs.info("htcondor", condor).name == "apptainer"
    assert jobs.info("slurm", slurm).user == "alice"
    for job in (condor, slurm):
        until("the container's processes are seen", lambda job=job: jobs.last(job).processes >= 2, PATIENCE_S)
    jobs.remove_condor(condor)
    jobs.remove_slurm(slurm)


@pytest.mark.requirement("LENS-LIFE-05")
def test_jobs_of_no_duration_all_have_a_record_under_their_own_ids(jobs: PoolJobs) -> None:
    if "short_jobs" in jobs.manager.batches[-1].unseen:
        pytest.skip("this host allows no eBPF, and /proc alone does not see jobs of no duration")
    condor = jobs.condor("/bin/true", "", 10)
    array = jobs.slurm("--array=1-10", script="#!/bin/sh\nexec /bin/true\n")
    finals = [jobs.final(job) for job in [*condor, *(f"{array}_{task}" for task in range(1, 11))]]
    assert len({sample.key for sample in finals}) == 20


@pytest.mark.requirement("LENS-LIFE-03")
def test_jobs_that_run_already_are_found_by_a_new_collector(jobs: PoolJobs) -> None:
    (condor,) = jobs.condor("/bin/sleep", "900")
    array = jobs.slurm("--array=5")
    assert not jobs.info("htcondor", condor).adopted
    assert not jobs.info("slurm", f"{array}_5").adopted
    jobs.new_collector()
    assert jobs.info("htcondor", condor).adopted
    assert jobs.info("slurm", f"{array}_5").adopted
    jobs.remove_condor(condor)
    jobs.remove_slurm(array)

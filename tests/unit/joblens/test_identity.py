"""Which job a process tree is, and that no user gets an own tree under somebody else's job."""

from __future__ import annotations

from dataclasses import replace

import pytest

from joblens.collector.identity.identities import (
    LOCAL_STARTER,
    MAX_TEXT,
    Identities,
    Site,
    Unnamed,
    as_task,
    claims_array,
)
from joblens.collector.identity.job_ad import parse
from joblens.collector.probes.probe import Evidence, Found
from joblens.records import Batch, JobInfo, JobKey, Level
from joblens.store.wire import encode

DEFAULT = Site()
BEGAN = 1_795_671_002.5
ROOT, CONDOR, ALICE = (0, 0, 0), (0, 102, 0), (2001, 2001, 2001)
AD = """Args = "60"
ClusterId = 17
Cmd = "/home/alice/bin/fit"
GlobalJobId = "portal.pool.test#17.20#1795671002"
Owner = "alice"
ProcId = 20
RequestCpus = 2
RequestMemory = 300
Requirements = (TARGET.Arch == "X86_64")
"""
STEP = {
    "SLURM_JOB_ID": "67890",
    "SLURM_STEP_ID": "0",
    "SLURM_JOB_NAME": "fit",
    "SLURM_CPUS_ON_NODE": "4",
    "SLURM_MEM_PER_NODE": "2000",
    "SLURM_JOB_SLUID": "sCPHM8B5A4C300",
}


def of_htcondor(ad: str = AD, *, changed: float = BEGAN - 0.2, **more: object) -> Found:
    evidence = Evidence(100, "condor_starter", "condor_starter -f", CONDOR, "alice", ad, changed)
    return replace(Found(1, 101, 2001, BEGAN, "fit", {}, "0::/", False, evidence), **more)


def of_slurm(
    environ: dict[str, str], title: str = "", *, cgroup: str = "0::/", adopted: bool = False, at_exec: bool = True
) -> Found:
    evidence = Evidence(100, "slurmstepd", title, ROOT, "alice", environ_at_exec=at_exec)
    return Found(1, 101, 2001, BEGAN, "fit", environ, cgroup, adopted, evidence)


def named(found: Found, site: Site = DEFAULT) -> JobInfo:
    return Identities("node1", site).name(found)


def test_an_htcondor_job_is_named_by_its_description() -> None:
    info = named(of_htcondor())
    assert info == JobInfo(
        key=JobKey("htcondor", "17.20"),
        scheduler="htcondor",
        host="node1",
        user="alice",
        uid=2001,
        name="fit",
        root_pid=101,
        started=BEGAN,
        schedd="portal.pool.test",
        cpus=2,
        memory_bytes=300 * 1024**2,
    )


def test_a_slurm_step_is_named_by_the_title_of_its_slurmstepd() -> None:
    info = named(of_slurm(STEP, "slurmstepd: [67890.0]"))
    assert (info.key, info.step, info.scheduler) == (JobKey("slurm", "67890"), "0", "slurm")
    assert (info.user, info.name, info.cpus, info.memory_bytes) == ("alice", "fit", 4, 2000 * 1024**2)


@pytest.mark.parametrize(
    ("title", "job", "step"),
    [
        ("slurmstepd: [67890.batch]", "67890", "batch"),
        ("slurmstepd: [67890.extern]", "67890", "extern"),
        ("slurmstepd: [67890.interactive]", "67890", "interactive"),
        ("slurmstepd: [67890+1.0]", "67890", "0"),
        ("slurmstepd: [67890.12+1]", "67890", "12"),
    ],
)
def test_every_kind_of_step_belongs_to_its_job(title: str, job: str, step: str) -> None:
    info = named(of_slurm({}, title))
    assert (info.key.job, info.step) == (job, step)


@pytest.mark.parametrize(
    ("cgroup", "step"),
    [
        ("0::/system.slice/slurmstepd.scope/job_67890/step_batch/user/task_0", "batch"),
        ("4:memory:/slurm/uid_2001/job_67890/step_3/task_0", "3"),
        ("0::/system.slice/node1_slurmstepd.scope/job_67890/step_extern", "extern"),
    ],
)
def test_without_a_title_the_control_group_tells_the_job(cgroup: str, step: str) -> None:
    info = named(of_slurm({}, cgroup=cgroup, adopted=True))
    assert (info.key.job, info.step) == ("67890", step)


@pytest.mark.requirement("LENS-LIFE-08")
def test_a_control_group_named_by_sluid_is_mapped_to_its_job() -> None:
    identities = Identities("node1", Site())
    group = "0::/system.slice/slurmstepd.scope/job_sCPHM8B5A4C300/step_1/user/task_0"
    identities.name(of_slurm(STEP))
    assert identities.name(of_slurm({}, cgroup=group, adopted=True)).key == JobKey("slurm", "67890")
    assert identities.name(of_slurm(STEP, cgroup=group)).key == JobKey("slurm", "67890")


def test_a_sluid_that_nobody_told_is_no_job_and_not_taken_for_a_number() -> None:
    group = "0::/system.slice/slurmstepd.scope/job_sCPHM8B5A4C300/step_1"
    with pytest.raises(Unnamed, match="sCPHM8B5A4C300"):
        named(of_slurm(STEP, cgroup=group, adopted=True, at_exec=False))


def test_a_step_so_short_that_its_title_was_missed_is_named_by_the_environment_at_its_exec() -> None:
    info = named(of_slurm({**STEP, "SLURM_STEP_ID": "-5"}))
    assert (info.key.job, info.step) == ("67890", "batch")


@pytest.mark.requirement("LENS-LIFE-07")
def test_ids_that_look_alike_are_different_jobs() -> None:
    ads = [
        AD,
        AD.replace("= 17\n", "= 172\n").replace("= 20\n", "= 0\n").replace("17.20", "172.0"),
        AD.replace("portal.pool.test#", "second@portal.pool.test#"),
    ]
    keys = [named(of_htcondor(ad)).key for ad in ads] + [named(of_slurm({}, "slurmstepd: [172.0]")).key]
    assert keys == [
        ("htcondor", "17.20"),
        ("htcondor", "172.0"),
        ("htcondor", "17.20@second@portal.pool.test"),
        ("slurm", "172"),
    ]


def test_a_site_says_which_schedd_has_plain_ids() -> None:
    site = Site(schedd="second@portal.pool.test")
    assert named(of_htcondor(), site).key.job == "17.20@portal.pool.test"


class TestNobodyClaimsTheJobOfSomebodyElse:
    def test_by_changing_the_description_of_the_own_job(self) -> None:
        with pytest.raises(Unnamed, match="changed after"):
            named(of_htcondor(changed=BEGAN + 0.3, adopted=True))

    def test_by_a_second_id_in_it(self) -> None:
        with pytest.raises(Unnamed, match="two that differ"):
            named(of_htcondor(AD + "ClusterId = 99\n"))
        with pytest.raises(Unnamed, match="two that differ"):
            named(of_htcondor(AD.replace("ClusterId = 17", "ClusterId = 99")))

    def test_by_a_line_break_in_an_attribute(self) -> None:
        assert parse('Args = "a\\nClusterId = 99"\nClusterId = 17\n')["clusterid"] == 17

    def test_by_the_environment(self) -> None:
        forged = {**STEP, "SLURM_JOB_ID": "11111", "SLURM_JOB_USER": "bob"}
        info = named(of_slurm(forged, "slurmstepd: [67890.0]", adopted=True, at_exec=False))
        assert (info.key.job, info.user) == ("67890", "alice")

    def test_by_an_environment_that_was_read_when_the_job_had_long_begun(self) -> None:
        with pytest.raises(Unnamed):
            named(of_slurm(STEP, at_exec=False))

    def test_by_saying_that_it_is_a_task_of_an_array(self) -> None:
        found = of_slurm({**STEP, "SLURM_ARRAY_JOB_ID": "11111", "SLURM_ARRAY_TASK_ID": "3"}, "slurmstepd: [67890.0]")
        assert named(found).key.job == "67890"
        assert claims_array(found)
        assert as_task(named(found), "67888_3").key == JobKey("slurm", "67888_3")

    def test_by_a_process_called_like_a_starter(self) -> None:
        found = of_slurm(STEP, "slurmstepd: [11111.0]")
        with pytest.raises(Unnamed, match="rights"):
            named(replace(found, evidence=replace(found.evidence, starter_uids=ALICE)))

    def test_by_a_program_with_the_rights_of_root_that_they_called_like_a_starter(self) -> None:
        found = of_slurm(STEP, "slurmstepd: [11111.0] -c ./fit")
        with pytest.raises(Unnamed, match="rights"):
            named(replace(found, evidence=replace(found.evidence, starter_uids=(2001, 0, 0))))

    def test_by_a_starter_that_is_gone_before_it_is_looked_at(self) -> None:
        found = of_slurm(STEP)
        with pytest.raises(Unnamed, match="gone"):
            named(replace(found, evidence=replace(found.evidence, starter_uids=())))

    def test_and_a_sluid_told_by_a_user_maps_nothing(self) -> None:
        identities = Identities("node1", Site())
        identities.name(of_slurm({**STEP, "SLURM_JOB_ID": "11111"}, "slurmstepd: [67890.0]", at_exec=False))
        with pytest.raises(Unnamed):
            identities.name(of_slurm({}, cgroup="0::/job_sCPHM8B5A4C300/step_0"))


def test_a_personal_htcondor_is_believed_where_the_site_says_so() -> None:
    found = of_htcondor()
    found = replace(found, evidence=replace(found.evidence, starter_uids=ALICE))
    assert named(found, Site(unprivileged_starters=True)).key.job == "17.20"


def test_texts_of_users_are_bounded() -> None:
    assert len(named(of_htcondor(AD.replace("/fit", "/" + "x" * 5000))).name) == MAX_TEXT
    assert len(named(of_slurm({"SLURM_JOB_NAME": "x" * 5000}, "slurmstepd: [1.0]")).name) == MAX_TEXT


@pytest.mark.parametrize("asked", ["-7", "-1", "0", "9" * 18])
def test_numbers_that_no_batch_could_hold_are_left_out_of_it(asked: str) -> None:
    info = named(
        of_htcondor(AD.replace("RequestCpus = 2", f"RequestCpus = {asked}").replace("= 300\n", f"= {asked}\n"))
    )
    assert (info.cpus, info.memory_bytes) == (None, None)
    encode(Batch("node1", 1, BEGAN, 1.0, Level.BPF, jobs=[info]))


def test_an_id_without_end_is_none() -> None:
    with pytest.raises(Unnamed, match="without end"):
        named(of_htcondor(AD.replace("portal.pool.test#", f"{'x' * 10_000}@portal.pool.test#")))
    with pytest.raises(Unnamed, match="cannot be printed"):
        named(of_htcondor(AD.replace("portal.pool.test#", "\x1b[2J@portal.pool.test#")))


def test_an_owner_whom_the_node_does_not_know_is_a_number() -> None:
    found = of_slurm({}, "slurmstepd: [1.0]")
    assert named(replace(found, evidence=replace(found.evidence, account=""))).user == "2001"


@pytest.mark.parametrize("memory", ["", "x", "-1", "0", "9" * 40])
def test_a_request_that_is_no_number_is_not_known(memory: str) -> None:
    assert named(of_slurm({"SLURM_MEM_PER_NODE": memory}, "slurmstepd: [1.0]")).memory_bytes is None


def test_memory_per_cpu_counts_for_all_cpus_of_the_node() -> None:
    environ = {"SLURM_MEM_PER_CPU": "500", "SLURM_CPUS_ON_NODE": "4"}
    assert named(of_slurm(environ, "slurmstepd: [1.0]")).memory_bytes == 2000 * 1024**2


TRIAL = Site(local="trial", local_directory="/var/lib/my ink/local")
RUNNER = "python -I -m ink_core.compute.local.runner /var/lib/my ink/local 12.0 0badcafe00000001 4"


def of_the_embedded_scheduler(title: str = RUNNER, uids: tuple[int, ...] = ALICE) -> Found:
    evidence = Evidence(100, LOCAL_STARTER, title, uids, "alice")
    environ = {"INK_JOB_NAME": "fit of masses", "INK_JOB_CPUS": "2", "INK_JOB_MEMORY_MB": "300"}
    return Found(1, 101, 2001, BEGAN, "fit", environ, "0::/", False, evidence)


def test_a_job_of_the_embedded_scheduler_is_named_by_the_command_line_of_its_runner() -> None:
    info = named(of_the_embedded_scheduler(), TRIAL)
    assert (info.key, info.scheduler, info.user, info.name) == (
        JobKey("trial", "12.0"),
        "local",
        "alice",
        "fit of masses",
    )
    assert (info.cpus, info.memory_bytes) == (2, 300 * 1024**2)


@pytest.mark.parametrize(
    ("site", "found"),
    [
        (DEFAULT, of_the_embedded_scheduler()),
        (TRIAL, of_the_embedded_scheduler(uids=(2002, 2002, 2002))),
        (TRIAL, of_the_embedded_scheduler(uids=(2002, 2001, 2001))),
        (TRIAL, of_the_embedded_scheduler(RUNNER.replace("my ink", "other"))),
        (TRIAL, of_the_embedded_scheduler("ink_starter 12.0 0badcafe00000001 4")),
    ],
    ids=["not asked for", "of another user", "set-user-id", "of another manager", "not the runner"],
)
def test_whoever_poses_as_a_runner_of_the_embedded_scheduler_is_not_believed(site: Site, found: Found) -> None:
    with pytest.raises(Unnamed):
        named(found, site)

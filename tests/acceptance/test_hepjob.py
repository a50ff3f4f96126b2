"""The `hepjob` commands as a user runs them: programs with a token in a file, against the embedded product."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bench.running_manager import ROOT, Client
from tests.acceptance.embedded import Embedded, running_embedded, sleeping_job
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
SCOPES = ("jobs:read", "jobs:submit", "jobs:manage")


class HepUser:
    """A user with a token in `~/.ink/token` of a home that has nothing to do with the cluster."""

    def __init__(self, embedded: Embedded, user: str, home: Path) -> None:
        words = ["token", "create", user, "--name", "hepjob", *(word for one in SCOPES for word in ("--scope", one))]
        code, token = embedded.ink(*words)
        assert code == 0, token
        (home / ".ink").mkdir(parents=True)
        (home / ".ink/token").touch(0o600)
        (home / ".ink/token").write_text(token)
        (home / ".ink/url").write_text(embedded.url)
        self._environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
        self._home = home

    def run(self, command: str, *arguments: str) -> tuple[int, str, str]:
        argv = [Path(sys.executable).with_name(command), *arguments]
        done = subprocess.run(
            argv, env=self._environment, cwd=self._home, capture_output=True, text=True, timeout=120, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def done(self, command: str, *arguments: str) -> str:
        code, out, err = self.run(command, *arguments)
        assert (code, err) == (0, ""), (code, out, err)
        return out

    def rows(self, *arguments: str) -> dict[str, str]:
        """State letter by job id, as `hep_q` shows them."""
        lines = [line.split() for line in self.done("hep_q", *arguments).splitlines()[1:-2]]
        return {words[0]: words[5] for words in lines}


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """With a second cluster, to which the jobs of one experiment go."""
    folder = tmp_path_factory.mktemp("hepjob")
    site = yaml.safe_load((ROOT / "ink_core/compute/hep/site.yaml").read_text())
    site["experiments"]["JUNO"]["cluster"] = "juno"
    (folder / "hep.yaml").write_text(yaml.safe_dump(site))
    clusters = [{"name": name, "type": "local", "directory": str(folder / name)} for name in ("local", "juno")]
    with running_embedded(folder, {"clusters": clusters, "hepjob": {"site": str(folder / "hep.yaml")}}) as embedded:
        yield embedded


@pytest.fixture(scope="module")
def alice(embedded: Embedded, tmp_path_factory: pytest.TempPathFactory) -> HepUser:
    return HepUser(embedded, "alice", tmp_path_factory.mktemp("laptop"))


@pytest.fixture(scope="module")
def portal(embedded: Embedded) -> Iterator[Client]:
    client = embedded.sign_in("alice")
    yield client
    client.http.close()


@pytest.mark.requirement("CORE-HEPJOB-02")
def test_hep_q_shows_the_queue_and_what_one_asks_for(alice: HepUser, portal: Client, embedded: Embedded) -> None:
    job = sleeping_job(portal)
    assert alice.rows("-u") == {job: "R"}
    assert alice.rows() == alice.rows("-u", "alice") == alice.rows("-run") == alice.rows("-i", job) == {job: "R"}
    assert alice.rows("-hold") == alice.rows("-u", "bob") == alice.rows("-g", "higgs") == {}
    assert alice.done("hep_q", "-u").splitlines()[-1].startswith("1 jobs; 0 completed, 0 removed, 0 idle, 1 running")
    assert alice.done("hep_rm", job) == "1 job(s) removed\n"
    assert alice.rows("-u") == {}
    assert alice.rows("-i", job) == {job: "X"}


@pytest.mark.requirement("CORE-HEPJOB-01")
@pytest.mark.requirement("CORE-HEPJOB-05")
def test_hep_sub_submits_jobs_that_know_their_numbers(alice: HepUser, portal: Client, embedded: Embedded) -> None:
    home = embedded.workspace("alice")
    (home / "work").mkdir()
    (home / "work/job.sh").write_text("#!/bin/sh\necho $1 of $2\n")
    said = alice.done(
        "hep_sub", "job.sh", "-dir", str(home / "work"), "-n", "2", "-g", "higgs", "-wt", "short", "-m", "200",
        "-argu", "%{ProcId} %{ClusterId}",
    )  # fmt: skip
    found = re.fullmatch(r"2 job\(s\) submitted to cluster (\d+)\n", said)
    assert found, said
    cluster = found.group(1)
    until("the jobs have ended", lambda: set(alice.rows("-i", cluster).values()) == {"C"}, timeout_s=180)
    written = {(home / f"work/job.sh.out.{cluster}.{proc}").read_text() for proc in (0, 1)}
    assert written == {f"0 of {cluster}\n", f"1 of {cluster}\n"}
    job = portal.get(f"/jobs/local/{cluster}.1")
    assert (job["group"], job["memory_mb"], job["wall_time_s"]) == ("CEPC.higgs.short", 200, 1800)


def test_a_script_may_be_named_by_its_number(alice: HepUser, embedded: Embedded) -> None:
    home = embedded.workspace("alice")
    for proc in (0, 1):
        (home / f"part_{proc}.sh").write_text(f"#!/bin/sh\necho part {proc}\n")
        (home / f"part_{proc}.sh").chmod(0o755)
    said = alice.done("hep_sub", "part_%{ProcId}.sh", "-n", "2", "-o", "part.out.%{ProcId}")
    cluster = said.split()[-1]
    until("the parts have ended", lambda: set(alice.rows("-i", cluster).values()) == {"C"}, timeout_s=180)
    assert [(home / f"part.out.{proc}").read_text() for proc in (0, 1)] == ["part 0\n", "part 1\n"]


@pytest.mark.requirement("CORE-HEPJOB-03")
def test_the_memory_of_a_held_job_is_changed_and_all_ones_jobs_are_removed(alice: HepUser, portal: Client) -> None:
    jobs = [sleeping_job(portal) for _ in range(2)]
    assert alice.done("hep_hold", *jobs) == "2 job(s) held\n"
    assert alice.done("hep_edit", "-m", "333", jobs[0]) == "1 job(s) changed\n"
    assert portal.get(f"/jobs/local/{jobs[0]}")["memory_mb"] == 333
    assert alice.done("hep_rm", "-a") == "2 job(s) removed\n"


@pytest.mark.requirement("CORE-HEPJOB-03")
def test_a_job_is_held_and_released(alice: HepUser, portal: Client) -> None:
    job = sleeping_job(portal)
    assert alice.done("hep_hold", job) == "1 job(s) held\n"
    assert alice.rows("-hold") == {job: "H"}
    assert alice.done("hep_release", job) == "1 job(s) released\n"
    until(f"{job} runs again", lambda: alice.rows("-run") == {job: "R"}, timeout_s=180)
    code, out, err = alice.run("hep_release", job)
    assert (code, out) == (1, "0 job(s) released\n") and err.startswith(f"{job}: ")
    assert alice.done("hep_rm", "-a") == "1 job(s) removed\n"


@pytest.mark.requirement("CORE-HEPJOB-02")
@pytest.mark.requirement("CORE-HEPJOB-03")
@pytest.mark.requirement("CORE-HEPJOB-05")
def test_jobs_of_an_experiment_with_a_cluster_of_its_own_are_shown_and_removed_with_the_others(
    alice: HepUser, portal: Client
) -> None:
    here = sleeping_job(portal)
    said = alice.done("hep_sub", "/bin/sleep", "-g", "juno_reco", "-argu", "600")
    there = f"{said.split()[-1]}.0"
    assert portal.get(f"/jobs/juno/{there}")["group"] == "JUNO.juno_reco.default"
    assert alice.done("hep_q", "-u").splitlines()[-1].startswith("2 jobs; 0 completed")
    assert alice.rows("-u", "-g", "juno_reco").keys() == alice.rows("-u", "-p", "juno").keys() == {there}
    assert alice.done("hep_clus", "-g", "juno_reco").startswith("juno: ")
    assert alice.done("hep_rm", "-a") == "2 job(s) removed\n"
    assert portal.get(f"/jobs/juno/{there}")["state"] == portal.get(f"/jobs/local/{here}")["state"] == "CANCELLED"
    code, out, err = alice.run("hep_rm", "-a")
    assert (code, out) == (1, "") and "has no jobs to remove" in err


def test_what_cannot_be_done_is_said_in_one_line(alice: HepUser, portal: Client) -> None:
    for command in (("hep_rm", "999999.0"), ("hep_q", "-i", "999999"), ("hep_sub", "job.sh", "-g", "nobody")):
        code, out, err = alice.run(*command)
        assert code == 1 and not out and err.startswith(f"{command[0]}: ") and err.count("\n") == 1, err


@pytest.mark.requirement("CORE-HEPJOB-04")
def test_the_load_of_a_group_is_shown(alice: HepUser) -> None:
    lines = alice.done("hep_clus", "-g", "higgs", "--walltime").splitlines()
    assert lines[0].startswith("local: ") and "CPUs used on 1 node(s)" in lines[0]
    assert lines[1].split() == ["WALLTIME", "RUNNING", "IDLE", "HELD", "CPUS"]
    assert alice.run("hep_clus", "-slurm")[0] == 1


def test_a_token_that_does_not_count_is_told(alice: HepUser, embedded: Embedded, tmp_path: Path) -> None:
    stranger = HepUser(embedded, "bob", tmp_path)
    (tmp_path / ".ink/token").write_text("ink_t_nonsense")
    code, out, err = stranger.run("hep_q")
    assert (code, out) == (1, "") and "not valid" in err and "nonsense" not in err

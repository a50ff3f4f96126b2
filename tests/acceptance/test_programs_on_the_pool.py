"""Programs with a token and nothing else on the development cluster: the example's scan, and the `hepjob` commands."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.acceptance.ink_client import InkClient
from tests.acceptance.pool import Pool
from tests.acceptance.test_examples import EXAMPLES, SCOPES, check_scan, run
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(600)]

TOKEN_FILE = "/shared/home/alice/hepjob.token"
BIN = "/opt/ink/env/bin"
SLEEPING = '#!/bin/sh\necho "begun $1"\necho careful >&2\nexec sleep 600\n'
ACCOUNTING = (
    "AcctGroup", "HepJob_Experiment", "HepJob_JobType", "HepJob_Walltime", "HepJob_RequestOS", "HepJob_RealGroup",
    "ConcurrencyLimits",
)  # fmt: skip


@pytest.fixture(scope="module")
def token(pool: Pool) -> str:
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    code, token = pool.ink("token", "create", "alice", "--name", "programs", *scopes)
    assert code == 0, token
    return token.strip()


@pytest.fixture(scope="module")
def token_file(pool: Pool, token: str) -> Iterator[str]:
    pool.as_user("alice", "sh", "-c", f"umask 077; cat > {TOKEN_FILE}", stdin=token)
    yield TOKEN_FILE
    pool.as_user("alice", "rm", "-f", TOKEN_FILE)


def hep(pool: Pool, token_file: str, *words: str) -> str:
    """What a command prints to alice at a shell of the access point."""
    environment = (f"INK_URL=http://127.0.0.1:{pool.port}", f"INK_TOKEN_FILE={token_file}")
    return pool.as_user("alice", "env", *environment, f"{BIN}/{words[0]}", *words[1:])


@pytest.mark.requirement("CORE-V2-04")
@pytest.mark.requirement("CORE-V2-08")
@pytest.mark.parametrize("cluster", ["htcondor", "slurm"])
def test_the_scan_of_the_example_runs_on_both_schedulers(pool: Pool, token: str, tmp_path: Path, cluster: str) -> None:
    run([sys.executable, "-I", EXAMPLES / "scan.py", cluster], pool.url, token, tmp_path)
    check_scan(tmp_path)


@pytest.mark.requirement("CORE-V2-04")
@pytest.mark.parametrize("cluster", ["htcondor", "slurm"])
def test_a_client_of_ink_submits_lists_reads_and_deletes_on_both_schedulers(
    pool: Pool, token: str, cluster: str
) -> None:
    with closing(InkClient(pool.url, "alice", token)) as ink:
        made = ink.post("cr/create_job", {"job_script": SLEEPING, "job_parameters": "well", "cluster_id": cluster})
        assert made["status"] == "200", made
        job = {"job_id": made["data"]["jobid"], "cluster_id": cluster}
        row = ink.reached(job["job_id"], "RUNNING", cluster_id=cluster)
        assert row["clusterId"] == cluster
        until("it has written", lambda: ink.data("cr/get_joboutput", **job)["error"], timeout_s=120)
        said = {"job_id": job["job_id"], "output": "begun well\n", "error": "careful\n"}
        assert ink.data("cr/get_joboutput", **job) == said
        assert ink.post("cr/delete_job", job)["status"] == "200"
        ink.reached(job["job_id"], "CANCELLED", cluster_id=cluster)


@pytest.mark.requirement("AGENT-BUDGET-01")
def test_cpu_hours_are_reserved_and_settled_on_both_schedulers(pool: Pool) -> None:
    scopes = [word for scope in (*SCOPES, "agent:use") for word in ("--scope", scope)]
    code, token = pool.ink("token", "create", "bob", "--name", "paid", *scopes)
    assert code == 0, token
    bearer = {"Authorization": f"Bearer {token.strip()}"}
    with httpx2.Client(base_url=pool.url, headers=bearer, timeout=60) as http:

        def cpu_hours() -> tuple[float, float]:
            budget = http.get("/api/v1/usage/budget").json()
            return budget["reserved"]["cpu_hours"], budget["spent"]["cpu_hours"]

        reserved, spent = cpu_hours()
        with closing(InkClient(pool.url, "bob", token.strip())) as ink:
            for cluster in ("htcondor", "slurm"):
                job = {"job_script": "#!/bin/sh\nexec sleep 8\n", "cluster_id": cluster}
                assert ink.post("cr/create_job", job)["status"] == "200"
                assert cpu_hours()[0] > reserved
        until("settled", lambda: cpu_hours()[0] == reserved, timeout_s=240)
        assert spent < cpu_hours()[1] < spent + 1


@pytest.mark.requirement("CORE-HEPJOB-01")
@pytest.mark.requirement("CORE-HEPJOB-05")
def test_the_job_ad_carries_the_accounting_that_the_site_file_gives(pool: Pool, token: str, token_file: str) -> None:
    pool.as_user("alice", "sh", "-c", "cat > hep.sh && chmod 755 hep.sh", stdin="#!/bin/sh\necho proc $1\n")
    said = hep(pool, token_file, "hep_sub", "hep.sh", "-g", "higgs", "-wt", "short", "-n", "2", "-argu", "%{ProcId}")
    found = re.fullmatch(r"2 job\(s\) submitted to cluster (\d+)\n", said)
    assert found, said
    cluster = found.group(1)
    query = ("condor_history", f"{cluster}.1", "-limit", "1", "-af:,", *ACCOUNTING)
    ad = until("the job has ended", lambda: pool.as_user("alice", *query).strip(), timeout_s=120)
    assert ad.split(", ") == [
        "CEPC.higgs.short", "CEPC", "batch", "short", "AlmaLinux9", "higgs", "inkjob_alice_batch",
    ]  # fmt: skip
    assert pool.as_user("alice", "cat", f"hep.sh.out.{cluster}.1") == "proc 1\n"
    with closing(InkClient(pool.url, "alice", token)) as ink:
        row = until("it is listed", lambda: ink.row(f"{cluster}.1", cluster_id="htcondor"))
        assert row["jobrunos"] == "AlmaLinux9"
    until("both are listed as ended", lambda: hep(pool, token_file, "hep_q", "-i", cluster).count(" C ") == 2)


@pytest.mark.requirement("CORE-HEPJOB-03")
def test_a_held_job_gets_more_memory_and_is_released(pool: Pool, token_file: str) -> None:
    said = hep(pool, token_file, "hep_sub", "/bin/sleep", "-argu", "600", "-n", "2")
    cluster = said.split()[-1]
    assert hep(pool, token_file, "hep_hold", cluster) == "2 job(s) held\n"
    assert hep(pool, token_file, "hep_edit", "-m", "64", f"{cluster}.0") == "1 job(s) changed\n"
    assert pool.as_user("alice", "condor_q", f"{cluster}.0", "-af", "RequestMemory").strip() == "64"
    assert hep(pool, token_file, "hep_release", f"{cluster}.0") == "1 job(s) released\n"
    assert f"{cluster}.1" in hep(pool, token_file, "hep_q", "-u", "-hold")
    assert hep(pool, token_file, "hep_rm", cluster) == "2 job(s) removed\n"


@pytest.mark.requirement("CORE-HEPJOB-04")
def test_the_load_of_a_group_and_of_slurm_is_shown(pool: Pool, token_file: str) -> None:
    assert hep(pool, token_file, "hep_clus", "-g", "higgs", "--walltime").startswith("htcondor: ")
    slurm = hep(pool, token_file, "hep_clus", "-slurm").splitlines()
    assert slurm[0].startswith("slurm: ") and slurm[1].split()[0] == "PARTITION"

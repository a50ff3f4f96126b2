"""The scheduler contract on the older generation of HTCondor and Slurm: a small cluster beside the one that is up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import takewhile
from pathlib import Path

import pytest

from tests.integration.cluster.dev_cluster import SCRIPT, DevCluster
from tests.integration.joblens.pool_jobs import pool_jobs
from tests.integration.on_portal import run_contract

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.integration,
    pytest.mark.timeout(1500),
    pytest.mark.requirement("CORE-JOBS-20"),
]
GENERATION = ["--suite", "trixie", "--bare"]
PLAY = f'"$@" up --nodes 1 {" ".join(GENERATION)} >&2 && "$@" status --json && echo && read -r _; "$@" down'


@pytest.fixture(scope="module")
def older_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevCluster]:
    """In network and mount namespaces of its own, which end with the shell that waits in them."""
    subprocess.run([sys.executable, SCRIPT, "image", *GENERATION], check=True, timeout=900)
    base = tmp_path_factory.mktemp("older") / "cluster"
    apart = [
        "unshare",
        "--net",
        "--mount",
        "--propagation",
        "private",
        "bash",
        "-c",
        PLAY,
        "play",
        sys.executable,
        SCRIPT,
    ]
    environment = os.environ | {"INK_CLUSTER_BASE": str(base)}
    with subprocess.Popen(apart, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as shell:
        assert shell.stdin is not None and shell.stdout is not None
        said = "".join(takewhile(str.strip, shell.stdout))
        assert said, "the cluster did not come up: its shell ended without a word"
        facts = json.loads(said)
        yield DevCluster(facts["machines"], facts["suite"], str(base))
        shell.stdin.close()
        shell.stdout.read()
    assert not base.exists()


@pytest.fixture(scope="module")
def contracts(older_cluster: DevCluster) -> Iterator[Mapping[str, Future[str]]]:
    """Both at the same time: most of it is waiting."""
    with ThreadPoolExecutor(2) as threads:
        yield {name: threads.submit(run_contract, older_cluster, name) for name in ("htcondor", "slurm")}


@pytest.mark.requirement("DEV-CLUSTER-04")
def test_the_older_generation_starts_by_the_same_command(older_cluster: DevCluster) -> None:
    assert "CondorVersion: 23." in older_cluster.exec("portal", ["condor_version"])
    assert " 24.11." in older_cluster.exec("portal", ["sinfo", "--version"])


@pytest.mark.requirement("LENS-LIFE-01")
@pytest.mark.requirement("LENS-LIFE-02")
def test_the_collector_names_jobs_of_the_older_generation(older_cluster: DevCluster, tmp_path: Path) -> None:
    with pool_jobs(older_cluster, tmp_path) as jobs:
        (condor,) = jobs.condor("/bin/sleep", "900")
        array = jobs.slurm("--array=3")
        assert jobs.info("htcondor", condor).user == jobs.info("slurm", f"{array}_3").user == "alice"


def test_the_scheduler_contract_holds_on_the_older_htcondor(contracts: Mapping[str, Future[str]]) -> None:
    print(contracts["htcondor"].result())


def test_the_scheduler_contract_holds_on_the_older_slurm(contracts: Mapping[str, Future[str]]) -> None:
    print(contracts["slurm"].result())

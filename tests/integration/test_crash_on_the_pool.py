"""A submission is made once, whoever dies: manager and access-point agent are killed between submit and answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.cluster.dev_cluster import PYTHON, DevCluster, dev_cluster
from tests.integration.on_portal import SOURCE, shared_directory

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(630)]


SCHEDULERS = ("htcondor", "slurm")


@pytest.fixture(scope="module")
def crashes(dev_cluster: DevCluster) -> Iterator[Mapping[str, Future[str]]]:
    """What the matrix printed on each scheduler. Both at the same time: most of it is waiting."""
    with ThreadPoolExecutor(len(SCHEDULERS)) as threads:
        yield {scheduler: threads.submit(play, dev_cluster, scheduler) for scheduler in SCHEDULERS}


def play(cluster: DevCluster, scheduler: str) -> str:
    with shared_directory(cluster, "alice") as home:
        settings = ["PYTHONDONTWRITEBYTECODE=1", f"TMPDIR={home}"]
        options = ["--cluster", scheduler, "--flows", "dies", "--representative", "--databases", "sqlite"]
        argv = ["env", "-C", str(SOURCE), *settings, PYTHON, "-m", "bench.crash", *options]
        return cluster.exec("portal", argv, "alice", timeout=600)


@pytest.mark.requirement("CORE-JOBS-05")
@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_submit_that_a_crash_cut_short_is_made_once(crashes: Mapping[str, Future[str]], scheduler: str) -> None:
    figures = json.loads(crashes[scheduler].result().splitlines()[-1])["sqlite"]
    assert figures["points"] >= 4
    assert [figures[name] for name in ("lost", "repeated", "revived")] == [0, 0, 0]
    assert figures["hash_equal"] == figures["points"]

"""A submission is made once, whoever dies: manager and access-point agent are killed between submit and answer."""

from __future__ import annotations

import json

import pytest

from tests.integration.cluster.dev_cluster import PYTHON, DevCluster, dev_cluster
from tests.integration.on_portal import SOURCE, shared_directory

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(630)]


@pytest.mark.requirement("CORE-JOBS-05")
@pytest.mark.parametrize("scheduler", ["htcondor", "slurm"])
def test_a_submit_that_a_crash_cut_short_is_made_once(dev_cluster: DevCluster, scheduler: str) -> None:
    with shared_directory(dev_cluster, "alice") as home:
        settings = ["PYTHONDONTWRITEBYTECODE=1", f"TMPDIR={home}"]
        options = ["--cluster", scheduler, "--flows", "dies", "--representative", "--databases", "sqlite"]
        argv = ["env", "-C", str(SOURCE), *settings, PYTHON, "-m", "bench.crash", *options]
        done = dev_cluster.try_exec("portal", argv, "alice", timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])["sqlite"]
    assert figures["points"] >= 4
    assert [figures[name] for name in ("lost", "repeated", "revived")] == [0, 0, 0]
    assert figures["hash_equal"] == figures["points"]

"""On the real pool: which of our processes run as whom."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.conftest import AtWork
from tests.acceptance.pool import INK, Pool
from tests.integration.cluster.dev_cluster import PYTHON, DevCluster

pytestmark = [pytest.mark.cluster, pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(600)]

LIST = """
import json, pathlib, pwd
found = []
for entry in pathlib.Path("/proc").iterdir():
    try:
        argv = (entry / "cmdline").read_bytes().decode(errors="replace").split("\\0")
        found.append([pwd.getpwuid((entry / "status").stat().st_uid).pw_name, argv])
    except (OSError, KeyError):
        continue
print(json.dumps(found))
"""


def of_ours(cluster: DevCluster) -> list[tuple[str, str]]:
    """User and command line of each of our processes on the access point."""
    found = json.loads(cluster.exec("portal", [PYTHON, "-I", "-c", LIST]))
    return [(user, " ".join(argv)) for user, argv in found if any("/opt/ink/env" in part for part in argv[:3])]


@pytest.mark.requirement("DEPLOY-ROOT-01")
def test_only_the_spawner_runs_as_root(pool: Pool, alice: AtWork) -> None:
    ours = [(user, argv) for user, argv in of_ours(pool.cluster) if LIST not in argv]
    as_root = [argv for user, argv in ours if user == "root"]
    assert as_root and all("-m ink_core.spawner" in argv for argv in as_root), as_root
    managers = [user for user, argv in ours if "ink serve" in argv]
    assert managers and set(managers) == {"ink"}
    agents = [user for user, argv in ours if "-m worker_agent" in argv]
    assert "alice" in agents and "root" not in agents


@pytest.mark.requirement("DEPLOY-ROOT-01")
def test_root_cannot_start_the_manager_of_a_site(pool: Pool) -> None:
    argv = ["env", "INK_DATA_DIR=/tmp/ink-as-root", INK, "serve", "--profile", "dev"]
    refused = pool.cluster.try_exec("portal", argv, "root")
    assert refused.returncode == 1 and "does not run as root where the spawner" in refused.stderr
    assert pool.cluster.try_exec("portal", ["test", "-e", "/tmp/ink-as-root"]).returncode != 0

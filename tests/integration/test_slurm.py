"""Slurm on the development cluster: the scheduler contract as alice, by each way of asking it."""

from __future__ import annotations

import pytest

from tests.integration.cluster.dev_cluster import PYTHON, DevCluster, dev_cluster
from tests.integration.on_portal import SLURM_URL, run_contract, run_tests

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(1300)]


@pytest.mark.requirement("CORE-JOBS-07")
@pytest.mark.requirement("CORE-JOBS-17")
def test_the_scheduler_contract_holds_on_a_real_slurm(dev_cluster: DevCluster) -> None:
    print(run_contract(dev_cluster, "slurm"))


@pytest.mark.requirement("CORE-JOBS-17")
def test_what_is_slurms_own_holds_on_a_real_slurm(dev_cluster: DevCluster) -> None:
    print(run_tests(dev_cluster, "alice", ["tests/integration/portal_slurm.py"], {"INK_TEST_SLURM_URL": SLURM_URL}))


@pytest.mark.requirement("CORE-JOBS-22")
def test_the_scheduler_contract_holds_on_a_real_slurm_asked_by_its_commands(dev_cluster: DevCluster) -> None:
    print(run_contract(dev_cluster, "slurm", "commands"))


@pytest.mark.requirement("CORE-JOBS-19")
def test_the_scheduler_contract_holds_on_a_real_slurm_read_by_pyslurm(dev_cluster: DevCluster) -> None:
    looked = dev_cluster.try_exec("portal", [PYTHON, "-I", "-c", "import pyslurm"], "alice")
    if "No module named 'pyslurm'" in looked.stderr:
        pytest.skip("PySlurm is not on the portal node: deploy/dev-cluster/pyslurm.sh builds it for the cluster")
    assert looked.returncode == 0, looked.stderr
    print(run_contract(dev_cluster, "slurm", "pyslurm"))

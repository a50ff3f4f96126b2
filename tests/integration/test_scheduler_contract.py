"""The scheduler contract on the HTCondor and Slurm of the development cluster, as alice on its access point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.cluster.dev_cluster import PYTHON, DevCluster, dev_cluster
from tests.integration.on_portal import run_contract

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(1300)]
WAYS = {"htcondor": ("htcondor",), "slurm": ("slurm",), "slurm by its commands": ("slurm", "commands")}


@pytest.fixture(scope="module")
def contracts(dev_cluster: DevCluster) -> Iterator[Mapping[str, Future[str]]]:
    """All at the same time: most of it is waiting."""
    with ThreadPoolExecutor(len(WAYS)) as threads:
        yield {name: threads.submit(run_contract, dev_cluster, *way) for name, way in WAYS.items()}


@pytest.mark.requirement("CORE-JOBS-01")
@pytest.mark.requirement("CORE-JOBS-03")
@pytest.mark.requirement("CORE-JOBS-04")
@pytest.mark.requirement("CORE-JOBS-05")
@pytest.mark.requirement("CORE-JOBS-17")
def test_the_scheduler_contract_holds_on_a_real_schedd(contracts: Mapping[str, Future[str]]) -> None:
    print(contracts["htcondor"].result())


@pytest.mark.requirement("CORE-JOBS-07")
@pytest.mark.requirement("CORE-JOBS-17")
def test_the_scheduler_contract_holds_on_a_real_slurm(contracts: Mapping[str, Future[str]]) -> None:
    print(contracts["slurm"].result())


@pytest.mark.requirement("CORE-JOBS-22")
def test_the_scheduler_contract_holds_on_a_real_slurm_asked_by_its_commands(
    contracts: Mapping[str, Future[str]],
) -> None:
    print(contracts["slurm by its commands"].result())


@pytest.mark.requirement("CORE-JOBS-19")
def test_the_scheduler_contract_holds_on_a_real_slurm_read_by_pyslurm(dev_cluster: DevCluster) -> None:
    looked = dev_cluster.try_exec("portal", [PYTHON, "-I", "-c", "import pyslurm"], "alice")
    if "No module named 'pyslurm'" in looked.stderr:
        pytest.skip("PySlurm is not on the portal node: deploy/dev-cluster/pyslurm.sh builds it for the cluster")
    assert looked.returncode == 0, looked.stderr
    print(run_contract(dev_cluster, "slurm", "pyslurm"))

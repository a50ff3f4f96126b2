"""The real HTCondor and Slurm of the development cluster feed the global model."""

from __future__ import annotations

import pytest

from tests.integration.cluster.dev_cluster import DevCluster, dev_cluster
from tests.integration.on_portal import SLURM_URL, run_tests

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(600)]
TESTS = ["-o", "asyncio_mode=auto", "tests/integration/portal_knowledge.py"]


@pytest.mark.requirement("MODEL-INGEST-01")
@pytest.mark.requirement("MODEL-INGEST-02")
def test_what_both_clusters_are_and_run_is_in_the_model(dev_cluster: DevCluster) -> None:
    print(run_tests(dev_cluster, "alice", TESTS, {"INK_TEST_SLURM_URL": SLURM_URL}))


@pytest.mark.requirement("MODEL-INGEST-02")
def test_a_node_that_an_administrator_drains_is_out_of_service_in_the_model(dev_cluster: DevCluster) -> None:
    print(run_tests(dev_cluster, "root", TESTS, {"INK_TEST_SLURM_URL": SLURM_URL}))

"""A node of the development cluster's Slurm that fails is an incident until it is back."""

from __future__ import annotations

import pytest

from tests.integration.cluster.dev_cluster import DevCluster, dev_cluster
from tests.integration.on_portal import SLURM_URL, run_tests

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(600)]
TESTS = ["-o", "asyncio_mode=auto", "tests/integration/portal_incidents.py"]


def test_a_node_that_fails_is_an_incident_with_evidence_until_it_is_back(dev_cluster: DevCluster) -> None:
    print(run_tests(dev_cluster, "root", TESTS, {"INK_TEST_SLURM_URL": SLURM_URL}))

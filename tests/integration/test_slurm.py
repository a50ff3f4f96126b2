"""What is only Slurm's, on the development cluster, as alice on its access point."""

from __future__ import annotations

import pytest

from tests.integration.cluster.dev_cluster import DevCluster, dev_cluster
from tests.integration.on_portal import SLURM_URL, run_tests

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(1300)]


@pytest.mark.requirement("CORE-JOBS-17")
def test_what_is_slurms_own_holds_on_a_real_slurm(dev_cluster: DevCluster) -> None:
    print(run_tests(dev_cluster, "alice", ["tests/integration/portal_slurm.py"], {"INK_TEST_SLURM_URL": SLURM_URL}))

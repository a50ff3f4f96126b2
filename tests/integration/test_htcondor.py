"""What is only HTCondor's, on the development cluster, as alice on its access point."""

from __future__ import annotations

import pytest

from tests.integration.cluster.dev_cluster import DevCluster, dev_cluster
from tests.integration.on_portal import run_tests

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(1300)]


def test_what_is_htcondors_own_holds_on_a_real_schedd(dev_cluster: DevCluster) -> None:
    submit = ["condor_submit", "-terse", "executable=/bin/sleep", "arguments=600", "hold=true", "-queue", "1"]
    job_of_bob = dev_cluster.exec("portal", submit, "bob").split()[0]
    try:
        print(run_tests(dev_cluster, "alice", ["tests/integration/portal_htcondor.py"], {}))
    finally:
        dev_cluster.try_exec("portal", ["condor_rm", job_of_bob], "bob")


@pytest.mark.requirement("CORE-JOBS-18")
def test_two_schedds_of_one_pool_are_one_cluster(dev_cluster: DevCluster) -> None:
    print(run_tests(dev_cluster, "alice", ["tests/integration/portal_schedds.py"], {}))

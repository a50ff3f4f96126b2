"""Runs test files of this checkout on the portal node of the development cluster, as one of its users.

The environment there is the one of a running site, without development tools: pytest and its plugins come from this
environment's own folder, which stands last in the search path, and are pure Python.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.integration.cluster.dev_cluster import PYTHON, DevCluster

CHECKOUT = Path(__file__).parents[2]
SOURCE = Path("/opt/ink/src")
CONTRACT = ("tests/contract/test_scheduler.py", "tests/contract/test_scheduler_dags.py")
"""What every scheduler must do."""
SLURM_URL = "http://cm.pool.test:6820"
_START = "import sys; sys.path.append(sys.argv.pop(1)); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
_OPTIONS = ("-p", "pytest_asyncio.plugin", "-p", "pytest_timeout", "-p", "no:cacheprovider", "-q", "-rA")


def run_tests(
    cluster: DevCluster, user: str, tests: Sequence[str], environment: Mapping[str, str], timeout: float = 600
) -> str:
    """What pytest printed; an assertion error with it unless all tests passed."""
    tools = SOURCE / Path(sysconfig.get_path("purelib")).relative_to(CHECKOUT)
    settings = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1", **environment}
    argv = ["env", "-C", str(SOURCE), *(f"{name}={value}" for name, value in settings.items())]
    argv += [PYTHON, "-c", _START, str(tools), *_OPTIONS, *tests]
    done = cluster.try_exec("portal", argv, user, timeout=timeout)
    assert done.returncode == 0, f"tests on the portal as {user}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def run_contract(cluster: DevCluster, scheduler: str, interface: str = "rest") -> str:
    """What every scheduler must do, on `htcondor` or `slurm`, as alice; `interface` is how Slurm is asked."""
    with shared_directory(cluster, "alice") as home:
        settings = {"INK_TEST_SCHEDULERS": scheduler, "INK_TEST_HOME": home}
        settings |= {"INK_TEST_SLURM_URL": SLURM_URL, "INK_TEST_SLURM_INTERFACE": interface}
        return run_tests(cluster, "alice", CONTRACT, settings, timeout=1200)


@contextmanager
def shared_directory(cluster: DevCluster, user: str) -> Generator[str]:
    """A directory of the user's that all nodes see."""
    path = cluster.exec("portal", ["mktemp", "-d", f"/shared/home/{user}/contract.XXXX"], user).strip()
    try:
        yield path
    finally:
        cluster.try_exec("portal", ["rm", "-rf", path], user)

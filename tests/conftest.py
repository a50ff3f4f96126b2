"""What holds for all tests: those that need the cluster or a browser skip with a reason where there is none.

Tests on the cluster run in one process, in order (`scripts/test.sh`): there is one cluster, and some build on others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import PROGRAMS, installed

if TYPE_CHECKING:
    from bench.opensearch.server import Opensearch
    from bench.postgresql import Postgresql

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Hypothesis has the same examples each time, and no deadline that a busy machine misses; a portal has it not."""
    if config.pluginmanager.has_plugin("hypothesispytest"):
        from hypothesis import settings

        settings.load_profile("ci")


@cache
def why_no_cluster() -> str | None:
    """The reason why tests on the development cluster cannot run here, or None."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "the development cluster needs root on Linux"
    status = [sys.executable, ROOT / "deploy/dev-cluster/cluster.py", "status"]
    up = subprocess.run(status, capture_output=True, timeout=60, check=False).returncode == 0
    return None if up else "the development cluster is not up (make cluster-up)"


@cache
def why_no_browser() -> str | None:
    """The reason why browser tests cannot run here, or None."""
    return None if installed() else f"{PROGRAMS[0]} is missing (scripts/install-test-tools.sh)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run."""
    for item in items:
        for name, why_not in (("cluster", why_no_cluster), ("browser", why_no_browser)):
            if item.get_closest_marker(name) and (reason := why_not()):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def opensearch() -> Iterator[Opensearch]:
    """A server of this test run (of this xdist worker), gone at its end."""
    from bench.opensearch.server import running_opensearch, why_no_opensearch

    if reason := why_no_opensearch():
        pytest.skip(reason)
    with running_opensearch() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """A PostgreSQL cluster of this test run (of this xdist worker); gone at its end.

    Imported here: the nodes of the development cluster, where tests run too, have no client for it.
    """
    from bench.postgresql import running_postgresql, why_no_postgresql

    if reason := why_no_postgresql():
        pytest.skip(reason)
    with running_postgresql() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def _postgresql_database(postgresql: Postgresql) -> str:
    return postgresql.database()


@pytest.fixture
def postgresql_url(postgresql: Postgresql, _postgresql_database: str) -> str:
    """An empty database for this test."""
    return postgresql.emptied(_postgresql_database)

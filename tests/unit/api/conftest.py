"""The site that the routes of files are tried on: one for a file of tests, with an empty home for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.unit.api.home_agents import Site, site_of_alice


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with site_of_alice(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(whole_site: Site) -> Site:
    """Tests that use it share one event loop: `pytest.mark.asyncio(loop_scope="module")`."""
    for entry in whole_site.home.iterdir():
        entry.unlink() if entry.is_symlink() or entry.is_file() else shutil.rmtree(entry)
    return whole_site

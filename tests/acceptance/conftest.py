"""What acceptance tests share: one browser, one manager on the development cluster, and who sits before it.

All of it ends with this package: while Playwright's synchronous interface is open, no asynchronous test can run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.browser import ANSWER_MS, Visitor
from tests.acceptance.pool import Pool, running_pool
from tests.acceptance.screenshots import screenshot
from tests.chromium import running
from tests.integration.cluster.dev_cluster import DevCluster, dev_cluster

__all__ = ["dev_cluster"]


@dataclass
class AtWork:
    """Somebody in a session with a worker of their own."""

    visitor: Visitor
    worker_job: str
    node: str


@pytest.fixture(autouse=True)
def patience() -> None:
    """How long expectations wait is one setting of the whole process, which the tests of the page set shorter."""
    expect.set_options(timeout=ANSWER_MS)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with running() as browser:
        yield browser


@pytest.fixture(scope="package")
def pool(dev_cluster: DevCluster) -> Iterator[Pool]:
    with running_pool(dev_cluster) as pool:
        yield pool


@pytest.fixture(scope="package")
def alice(pool: Pool, browser: Browser) -> AtWork:
    visitor = Visitor(browser, pool.url)
    visitor.sign_in_by_link(pool.manager.link("alice"))
    screenshot(visitor.page, "portal")
    return at_work(visitor)


@pytest.fixture(scope="package")
def admin(pool: Pool, browser: Browser) -> Visitor:
    visitor = Visitor(browser, pool.url)
    visitor.sign_in_by_link(pool.manager.link("admin"))
    return visitor


def at_work(visitor: Visitor, cluster: str | None = None) -> AtWork:
    """Launches a worker with one click and opens the session with it."""
    row = visitor.launch_agent(cluster)
    screenshot(visitor.page, f"worker-ready{'-on-' + cluster if cluster else ''}")
    found = re.search(r"job (\S+)", row.inner_text())
    assert found, row.inner_text()
    node = row.locator("b").inner_text()
    row.get_by_role("button", name="Open").click()
    expect(visitor.page.get_by_label("Message")).to_be_visible()
    return AtWork(visitor, found.group(1), node)

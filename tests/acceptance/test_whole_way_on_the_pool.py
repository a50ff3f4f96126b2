"""The whole way on real parts: Chromium → manager → HTCondor job → Apptainer → worker, and back. Played in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.browser import Visitor, chromium
from tests.acceptance.pool import Pool, running_pool
from tests.acceptance.screenshots import screenshot
from tests.acceptance.waiting import until
from tests.integration.cluster.dev_cluster import DevCluster, dev_cluster

__all__ = ["dev_cluster"]
pytestmark = [pytest.mark.cluster, pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(240)]

SLEEP = ("condor_submit", "-terse", "executable=/bin/sleep", "arguments=600", "-queue")


@pytest.fixture(scope="module")
def pool(dev_cluster: DevCluster) -> Iterator[Pool]:
    with running_pool(dev_cluster) as pool:
        yield pool


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@dataclass
class AtWork:
    """alice in a session with her worker."""

    visitor: Visitor
    worker_job: str
    node: str


@pytest.fixture(scope="module")
def alice(pool: Pool, browser: Browser) -> AtWork:
    visitor = Visitor(browser, pool.url)
    visitor.sign_in_by_link(pool.manager.link("alice"))
    row = visitor.launch_agent()
    screenshot(visitor.page, "2-worker-ready")
    text = row.inner_text()
    found = re.search(r"job (\d+\.\d+)", text)
    assert found, text
    node = row.locator("b").inner_text()
    row.get_by_role("button", name="Open").click()
    expect(visitor.page.get_by_label("Message")).to_be_visible()
    return AtWork(visitor, found.group(1), node)


@pytest.fixture(scope="module")
def admin(pool: Pool, browser: Browser) -> Visitor:
    visitor = Visitor(browser, pool.url)
    visitor.sign_in_by_link(pool.manager.link("admin"))
    return visitor


def job_of_bob(pool: Pool, alice: AtWork) -> str:
    """A new job of bob that the queue mirror knows."""
    job = pool.as_user("bob", *SLEEP, "1").split()[0]
    until(f"job {job} is in the list", lambda: job in alice.visitor.job_ids(owner="bob"))
    return job


def job_status(pool: Pool, job: str) -> str:
    """HTCondor's own number (1 idle, 2 running, 5 held), or nothing when it has left the queue."""
    return pool.as_user("bob", "condor_q", job, "-af", "JobStatus").strip()


@pytest.mark.requirement("WEB-PORTAL-01")
@pytest.mark.requirement("WORKER-START-01")
@pytest.mark.requirement("SETUP-RUN-06")
def test_one_click_brings_a_worker_as_a_job_of_alice(pool: Pool, alice: AtWork) -> None:
    ad = pool.as_user("alice", "condor_q", alice.worker_job, "-af", "Owner", "JobStatus", "RemoteHost", "Arguments")
    owner, status, host, arguments = ad.split(maxsplit=3)
    assert (owner, status) == ("alice", "2")
    assert f"@{alice.node}." in host and "worker.sif" in arguments


@pytest.mark.requirement("AGENT-LOOP-02")
@pytest.mark.requirement("AGENT-GUIDE-02")
@pytest.mark.requirement("WEB-CHAT-01")
def test_a_question_about_jobs_is_answered_from_the_schedd(pool: Pool, alice: AtWork) -> None:
    answer = alice.visitor.ask("show me my running jobs")

    assert alice.worker_job in answer and "running" in answer
    card = alice.visitor.last_card
    expect(card).not_to_have_attribute("open", "")
    expect(card.locator("summary")).to_contain_text("list_jobs")
    screenshot(alice.visitor.page, "3-running-jobs")


@pytest.mark.requirement("GATE-APPROVAL-01")
@pytest.mark.requirement("WEB-APPROVE-01")
def test_removing_somebodys_jobs_waits_for_an_administrator_and_runs_once(
    pool: Pool, alice: AtWork, admin: Visitor
) -> None:
    job = job_of_bob(pool, alice)
    alice.visitor.send(f"remove job {job}")
    expect(alice.visitor.log.get_by_text("Waiting for an approver.")).to_be_visible()
    screenshot(alice.visitor.page, "7-waits-for-approval")
    assert job_status(pool, job) in ("1", "2")

    admin.go("Approvals")
    card = admin.page.get_by_role("article", name="Approval needed").first
    expect(card).to_contain_text(job)
    screenshot(admin.page, "8-approvals")
    card.get_by_role("button", name="Approve once").click()

    alice.visitor.expect_quiet()
    until("bob's job is removed", lambda: job_status(pool, job) in ("", "3"))
    assert "Removed" in alice.visitor.log.locator("article.reply").last.inner_text()
    screenshot(alice.visitor.page, "9-approved")

"""The jobs page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_world import World

pytestmark = pytest.mark.browser

FILTER = """async (text) => {
  const field = document.querySelector('input[type=search]')
  const begun = performance.now()
  field.value = text
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  return performance.now() - begun
}"""


@pytest.fixture
def jobs(alice: Page) -> Page:
    alice.goto("/#/jobs")
    expect(alice.get_by_text("300 of 300 jobs")).to_be_visible()
    return alice


@pytest.mark.requirement("WEB-JOBS-01")
def test_own_jobs_are_listed_with_counts_by_state_and_filtered(jobs: Page) -> None:
    expect(jobs.get_by_role("button", name="held 38")).to_be_visible()
    jobs.get_by_role("button", name="held").click()
    expect(jobs.get_by_text("38 of 300 jobs")).to_be_visible()
    jobs.get_by_label("Search").fill("nothing like this")
    expect(jobs.get_by_text("No job matches.")).to_be_visible()
    jobs.get_by_role("button", name="Clear the filters").click()
    expect(jobs.get_by_text("300 of 300 jobs")).to_be_visible()
    expect(jobs.get_by_text("seen", exact=False).first).to_contain_text("s ago")


@pytest.mark.requirement("WEB-JOBS-03")
def test_six_thousand_jobs_are_filtered_within_250_ms_and_few_rows_are_drawn(jobs: Page) -> None:
    jobs.get_by_role("button", name="Everyone").click()
    expect(jobs.get_by_text("6,000 of 6,000 jobs")).to_be_visible()
    took = [jobs.evaluate(FILTER, text) for text in ("ntuple", "user07 ntu", "node-0", "")]
    assert min(took) <= 250, took
    assert jobs.locator("tbody tr").count() < 100
    jobs.get_by_role("region", name="Job table").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    expect(jobs.locator("tr[data-index='5999']")).to_be_visible()


@pytest.mark.requirement("WEB-JOBS-02")
def test_a_held_job_is_explained_and_released(jobs: Page, world: World) -> None:
    jobs.get_by_role("button", name="held").click()
    jobs.locator("td button").first.click()
    details = jobs.get_by_role("complementary")
    expect(details).to_contain_text("over memory limit")
    details.get_by_role("button", name="Why?").click()
    expect(details).to_contain_text("it used more memory or disk than it asked for")
    expect(details).to_contain_text("raise the request (hep_edit -m MB), then release it")
    job_id = details.get_by_role("heading").first.inner_text().removeprefix("Job ")
    details.get_by_role("button", name="Release").click()
    expect(details).to_contain_text(f"Release: job {job_id} – done.")
    job = world.job(job_id)
    assert job is not None and job["state"] == "QUEUEING"


def test_acting_on_anothers_job_waits_for_approval(jobs: Page, world: World) -> None:
    jobs.goto("/#/jobs?owner=all&state=RUNNING")
    jobs.get_by_label("Search").fill("user01")
    jobs.locator("td button").first.click()
    jobs.get_by_role("button", name="Remove", exact=True).click()
    jobs.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(jobs.get_by_text("This needs approval.")).to_be_visible()
    assert len(world.approvals) == 1


def test_details_have_an_address_and_escape_goes_back_to_the_row(jobs: Page) -> None:
    jobs.goto("/#/jobs/dev/101.0")
    expect(jobs.get_by_role("heading", name="Job 101.0")).to_be_focused()
    expect(jobs.get_by_role("complementary")).to_contain_text("user01")
    jobs.keyboard.press("Escape")
    expect(jobs.get_by_role("complementary")).to_be_hidden()
    first = jobs.locator("td button").first
    first.focus()
    first.press("Enter")
    expect(jobs.get_by_role("complementary")).to_be_visible()
    jobs.keyboard.press("Escape")
    expect(first).to_be_focused()


def test_an_unknown_job_and_a_scheduler_that_is_down_say_so(jobs: Page) -> None:
    jobs.goto("/#/jobs/dev/999999.0")
    expect(jobs.get_by_role("alert")).to_contain_text("There is no job 999999.0 on dev.")
    problem = '{"status":503,"code":"scheduler_down","detail":"The schedd does not answer.","retryable":true}'
    jobs.route("**/api/v1/jobs?*", lambda route: route.fulfill(status=503, body=problem))
    jobs.goto("/#/jobs?owner=all")
    expect(jobs.get_by_role("alert")).to_contain_text("The schedd does not answer.")


def test_the_agent_is_asked_about_a_job(jobs: Page) -> None:
    jobs.get_by_role("button", name="held").click()
    jobs.locator("td button").first.click()
    jobs.get_by_role("button", name="Ask the agent").click()
    jobs.get_by_role("button", name="New session").first.click()
    expect(jobs.get_by_label("Message")).to_have_value(re.compile(r"^Why is job \d+\.0 held\?$"))


def test_what_an_own_job_wrote_is_shown_when_it_is_opened_and_followed_while_it_runs(jobs: Page, world: World) -> None:
    asked: list[str] = []
    jobs.on("request", lambda request: asked.append(request.url))
    running = next(job for job in world.jobs if job["owner"] == "alice" and job["state"] == "RUNNING")
    world.files[running["stdout"]] = "first line\n" + "x" * 40_000 + "\nevent 1\n"
    jobs.goto(f"/#/jobs/dev/{running['job_id']}")
    details = jobs.get_by_role("complementary")
    expect(details).to_contain_text("Output file")
    assert not any("/output" in url for url in asked)
    details.get_by_text("What it wrote").click()
    expect(details).to_contain_text("event 1")
    expect(details).to_contain_text("The last 32.0 KiB of 39.1 KiB.")
    expect(details).not_to_contain_text("first line")
    world.files[running["stdout"]] += "event 2\n"
    expect(details).to_contain_text("event 2")
    details.get_by_role("tab", name="Error").click()
    expect(details).to_contain_text("Nothing has been written here yet.")
    world.files[running["stderr"]] = "Segmentation fault\n"
    expect(details).to_contain_text("Segmentation fault")


def test_what_the_job_of_somebody_else_wrote_is_not_shown(jobs: Page) -> None:
    jobs.goto("/#/jobs/dev/101.0")
    jobs.get_by_role("complementary").get_by_text("What it wrote").click()
    expect(jobs.get_by_role("tabpanel")).to_have_text("Only user01 can read what this job wrote.")


def test_beside_the_details_of_a_job_the_names_of_jobs_keep_their_room(sign_in: SignIn) -> None:
    page = sign_in("alice", "/#/jobs/dev/101.0", viewport={"width": 1280, "height": 860})
    name = page.get_by_role("columnheader", name="Name").bounding_box()
    assert name is not None and name["width"] >= 150

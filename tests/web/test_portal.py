"""From the portal to an agent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewContext, SignIn, signed_in
from tests.web.contract_world import World

pytestmark = pytest.mark.browser


@pytest.mark.requirement("WEB-PORTAL-01")
def test_one_click_launches_an_agent_that_is_followed_until_it_is_ready_and_opened(alice: Page, world: World) -> None:
    alice.get_by_role("button", name="Launch agent").click()
    card = alice.get_by_role("article").filter(has=alice.get_by_role("heading", name="AI Agent"))
    expect(card.get_by_role("list").last).to_be_visible()
    expect(card.get_by_text("node-007")).to_be_visible()
    expect(card.get_by_text("job 4711.0")).to_be_visible()
    expect(card.get_by_text("ready", exact=True)).to_be_visible()
    card.get_by_role("button", name="Open", exact=True).click()
    expect(alice.get_by_label("Worker of this session")).to_contain_text("node-007 · job 4711.0")
    (session,) = world.sessions.values()
    assert session.worker_id == world.agents[0]["worker_id"]


def test_a_stopped_agent_leaves_the_list(alice: Page, world: World) -> None:
    alice.get_by_role("button", name="Launch agent").click()
    alice.get_by_role("button", name="Stop").click()
    alice.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert world.agents[0]["state"] != "gone"
    alice.get_by_role("button", name="Stop").click()
    alice.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(alice.get_by_text("No agent is running.")).to_be_visible()
    assert world.agents[0]["state"] == "gone"


@pytest.mark.requirement("WEB-PORTAL-02")
def test_own_jobs_are_counted_by_state_and_lead_to_the_jobs_page(alice: Page) -> None:
    mine = alice.get_by_role("region", name="My jobs")
    mine.get_by_role("link", name="held").click()
    expect(alice.get_by_role("button", name="held")).to_have_attribute("aria-pressed", "true")


def test_the_space_that_is_used_and_left_is_told_when_it_is_asked_for(alice: Page) -> None:
    space = alice.get_by_role("region", name="My space")
    space.get_by_role("button", name="Look how much I use").click()
    expect(space).to_contain_text("in 6 entries")
    expect(space).to_contain_text("256 GiB of 1.0 TiB are free")
    space.get_by_role("link", name="My files").click()
    expect(alice.get_by_role("heading", name="Files")).to_be_visible()


@pytest.mark.requirement("WEB-STATUS-01")
def test_identity_cluster_model_and_its_trust_are_always_in_sight(alice: Page) -> None:
    for path in ("/#/", "/#/agent", "/#/jobs", "/#/approvals"):
        alice.goto(path)
        header = alice.get_by_role("banner")
        expect(header).to_contain_text("offline guide – no language model")
        expect(header).to_contain_text("alice")
        expect(header).to_contain_text("dev")


def test_the_header_is_one_line_on_a_small_laptop_and_its_switches_are_at_the_right(sign_in: SignIn) -> None:
    for user in ("alice", "admin"):
        header = sign_in(user, viewport={"width": 1280, "height": 860}).get_by_role("banner")
        for language in ("中文", "English"):
            assert header.evaluate("(one) => one.clientHeight") < 60
            last = header.get_by_role("button").last.bounding_box()
            assert last is not None and last["x"] > 1220
            header.get_by_role("button", name=language).click()


SHIFTS = """
window.shifted = 0
new PerformanceObserver((found) => {
  for (const shift of found.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value
}).observe({ type: 'layout-shift', buffered: true })
"""


@pytest.mark.parametrize("path", ["/", "/#/usage", "/#/approvals"])
def test_nothing_moves_under_the_eyes_of_who_waits_for_a_page(new_context: NewContext, world: World, path: str) -> None:
    """By the measure that browsers have for it (Cumulative Layout Shift), of which a good page has less than 0.1."""
    page = signed_in(world, new_context(), "alice")
    page.add_init_script(SHIFTS)
    page.goto(path)
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator(".ring:visible")).to_have_count(0)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert page.evaluate("shifted") < 0.1


def test_a_part_of_the_page_that_is_gone_after_a_new_release_says_so(alice: Page) -> None:
    alice.route("**/assets/JobsPage-*.js", lambda route: route.fulfill(status=404, body=""))
    alice.get_by_role("link", name="Jobs", exact=True).click()
    expect(alice.get_by_role("alert")).to_contain_text("load the page again")

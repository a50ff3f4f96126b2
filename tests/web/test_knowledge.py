"""The page of knowledge: what people contribute, its review, and what came of corrections."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_knowledge import contributed, corrected
from tests.web.contract_world import World

pytestmark = [pytest.mark.browser, pytest.mark.requirement("WEB-KNOW-01")]


def test_a_fact_is_handed_in_and_waits_for_its_review(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    alice.goto("/#/knowledge")
    expect(alice.get_by_text("Nobody has contributed anything here yet.")).to_be_visible()
    alice.get_by_label("State").select_option("rejected")
    expect(alice.get_by_text("There is nothing in this state.")).to_be_visible()
    alice.get_by_label("State").select_option("")
    alice.get_by_role("button", name="Contribute").click()
    form = alice.get_by_role("form", name="Contribute")
    form.get_by_label("Title").fill("wn042 loses its network at night")
    form.get_by_label("Text").fill("Its **cable** is loose.")
    form.get_by_label("About").fill("node:wn042")
    assert violations(alice) == []
    form.get_by_role("button", name="Hand in for review").click()
    details = alice.get_by_role("complementary", name="wn042 loses its network at night")
    expect(details).to_contain_text("to be reviewed")
    expect(details.locator("strong")).to_have_text("cable")
    expect(details).to_contain_text("node:wn042")
    expect(details.get_by_role("button", name="Accept")).to_be_hidden()
    assert violations(alice) == []


def test_a_reviewer_accepts_what_somebody_else_wrote_or_says_why_not(
    sign_in: SignIn, world: World, violations: Callable[[Page], list[str]]
) -> None:
    contributed(world, "alice", "Use /scratch", "Not the home.")
    contributed(world, "alice", "Use no quota", "There is none.")
    admin = sign_in("admin", "/#/knowledge")
    admin.get_by_role("button", name="2 to review").click()
    admin.get_by_role("button", name="Use /scratch").click()
    details = admin.get_by_role("complementary")
    expect(details.get_by_role("button", name="Reject")).to_be_disabled()
    assert violations(admin) == []
    details.get_by_role("button", name="Accept").click()
    expect(details).to_contain_text("accepted")
    expect(details).to_contain_text("reviewed by admin")
    expect(admin.get_by_role("button", name="1 to review")).to_be_visible()
    admin.get_by_role("button", name="Use no quota").click()
    details.get_by_label("Reason").fill("There is one.")
    details.get_by_role("button", name="Reject").click()
    expect(details).to_contain_text("admin: There is one.")


def test_what_one_contributed_is_withdrawn(alice: Page, world: World) -> None:
    one = contributed(world, "alice", "Use /scratch", "Not the home.")
    alice.goto(f"/#/knowledge/library/{one}")
    details = alice.get_by_role("complementary")
    details.get_by_role("button", name="Withdraw").click()
    expect(details).to_contain_text("withdrawn")
    alice.goto("/#/knowledge/library/none")
    expect(alice.get_by_role("complementary").get_by_role("alert")).to_contain_text("there is no contribution")


@pytest.mark.requirement("HUMAN-CORRECT-03")
def test_corrections_are_shown_with_what_came_of_them_and_become_runbooks(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    one = corrected(world, "alice", "It asked for 1 GB", "Ask for 4 GB: the calibration needs 3.")
    world.recalled[one] = {"recalled": 3, "outcomes": {"done": 2, "corrected": 1}}
    alice.goto("/#/knowledge/corrections")
    row = alice.get_by_role("row", name="It asked for 1 GB")
    expect(row).to_contain_text("of a call of submit_job")
    expect(row).to_contain_text("2 × done, 1 × corrected again")
    row.get_by_role("button", name="3", exact=True).click()
    told = alice.get_by_role("region", name="Decisions that were told of it")
    expect(told).to_contain_text("turn 4: done")
    expect(told).to_contain_text("2 more in conversations of other people")
    assert violations(alice) == []
    row.get_by_role("button", name="Make a runbook of it").click()
    form = alice.get_by_role("form", name="Contribute")
    expect(form.get_by_label("Title")).to_have_value("It asked for 1 GB")
    form.get_by_role("button", name="Hand in for review").click()
    expect(alice.get_by_role("complementary", name="It asked for 1 GB")).to_contain_text("to be reviewed")
    alice.goto("/#/knowledge/corrections")
    expect(alice.get_by_role("link", name="runbook made of it")).to_be_visible()


def test_a_step_of_the_agent_is_marked_as_wrong_in_the_chat(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    alice.goto("/#/agent")
    alice.get_by_role("button", name="New session").last.click()
    alice.locator("textarea").fill("Show my jobs")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("log")).to_contain_text("All is well.")
    alice.get_by_role("log").locator("details.tool summary").first.click()
    alice.get_by_role("button", name="This was wrong").first.click()
    dialog = alice.get_by_role("dialog", name="This was wrong")
    dialog.get_by_label("What was wrong").fill("It listed ended jobs")
    dialog.get_by_label("What is right").fill("List those in the queue.")
    assert violations(alice) == []
    dialog.get_by_role("button", name="Teach it").click()
    expect(alice.get_by_text("The agent will be told when a like decision comes.")).to_be_visible()
    alice.goto("/#/knowledge/corrections")
    expect(alice.get_by_role("row", name="It listed ended jobs")).to_contain_text("List those in the queue.")

"""Approvals in the conversation and in the queue."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(alice: Page) -> Page:
    """Alice has asked for other people's jobs to be removed; the call waits."""
    alice.goto("/#/agent")
    alice.get_by_role("button", name="New session").first.click()
    alice.get_by_label("Message").fill("Please remove those jobs")
    alice.keyboard.press("Enter")
    expect(alice.get_by_text("Waiting for an approver.")).to_be_visible()
    return alice


def card_of(page: Page) -> Locator:
    return page.get_by_role("article", name="Approval needed")


@pytest.mark.requirement("WEB-APPROVE-01")
def test_an_administrator_sees_exactly_what_is_asked_and_approves_it_once(asked: Page, sign_in: SignIn) -> None:
    admin = sign_in("admin", "/#/approvals")
    card = card_of(admin)
    for text in ("Remove 3 jobs of user01 on dev", "high risk", "alice", "remove_jobs", "job_ids: 201.0, 202.0, 203.0"):
        expect(card).to_contain_text(text)
    for text in ("3 targets", "user01", "2 jobs are running", "cannot be undone", "others-jobs-need-approval"):
        expect(card).to_contain_text(text)
    expect(card).to_contain_text("expires in 14 min")
    card.get_by_role("button", name="Approve once").click()
    expect(admin.get_by_text("Nothing waits for a decision.")).to_be_visible()
    expect(asked.get_by_role("log")).to_contain_text("The three jobs are removed.")
    expect(card_of(asked)).to_contain_text("approved by admin")
    admin.get_by_role("tab", name="Decided").click()
    expect(card_of(admin)).to_contain_text("approved by admin")


@pytest.mark.requirement("WEB-APPROVE-01")
def test_a_rejection_needs_a_reason_that_requester_and_agent_read(asked: Page, sign_in: SignIn) -> None:
    admin = sign_in("admin", "/#/approvals")
    card_of(admin).get_by_role("button", name="Reject").click()
    dialog = admin.get_by_role("dialog", name="Reject this request")
    dialog.get_by_role("button", name="Reject").click()
    expect(dialog.get_by_role("alert")).to_have_text("Give a reason.")
    dialog.get_by_label("Reason").fill("user01 still needs them")
    dialog.get_by_role("button", name="Reject").click()
    expect(admin.get_by_text("Nothing waits for a decision.")).to_be_visible()
    expect(card_of(asked)).to_contain_text("rejected by admin: “user01 still needs them”")
    expect(asked.get_by_role("log")).to_contain_text("I did not remove them.")


def test_the_requester_sees_the_own_request_but_may_not_decide(asked: Page) -> None:
    asked.goto("/#/approvals")
    expect(card_of(asked)).to_contain_text("Waiting for an approver.")
    expect(asked.get_by_role("button", name="Approve once")).to_have_count(0)


def test_the_requester_withdraws_the_own_request(asked: Page, world: World) -> None:
    card_of(asked).get_by_role("button", name="Withdraw").click()
    expect(card_of(asked)).to_contain_text("rejected by alice: “withdrawn by the requester”")
    (approval,) = world.approvals.values()
    assert approval.value["state"] == "rejected"


def test_an_approver_decides_in_the_conversation_too(sign_in: SignIn) -> None:
    admin = sign_in("admin", "/#/agent")
    admin.get_by_role("button", name="New session").first.click()
    admin.get_by_label("Message").fill("Please remove those jobs")
    admin.keyboard.press("Enter")
    card_of(admin).get_by_role("button", name="Approve once").click()
    expect(admin.get_by_role("log")).to_contain_text("The three jobs are removed.")


def test_a_request_that_changed_meanwhile_is_not_decided(asked: Page, sign_in: SignIn, world: World) -> None:
    admin = sign_in("admin", "/#/approvals")
    expect(card_of(admin)).to_be_visible()
    (approval,) = world.approvals.values()
    admin.route("**/api/v1/approvals?state=all", lambda route: route.abort())
    approval.value["digest"] = "another"
    card_of(admin).get_by_role("button", name="Approve once").click()
    expect(card_of(admin).get_by_role("alert")).to_contain_text("The request has changed. Look at it again.")
    assert not approval.decided.is_set()


@pytest.mark.requirement("WEB-APPROVE-03")
def test_approvals_work_at_the_width_of_a_phone(asked: Page, sign_in: SignIn) -> None:
    phone = sign_in("admin", "/#/approvals", viewport={"width": 390, "height": 844})
    expect(card_of(phone)).to_be_visible()
    assert phone.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert phone.evaluate(
        "(() => { const m = document.querySelector('main'); return m.scrollWidth <= m.clientWidth })()"
    )
    card_of(phone).get_by_role("button", name="Approve once").click()
    expect(phone.get_by_text("Nothing waits for a decision.")).to_be_visible()

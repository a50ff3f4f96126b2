"""Approvals in the conversation and in the queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewContext, SignIn, signed_in
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


@pytest.mark.usefixtures("asked")
def test_what_waits_and_why_is_said_in_the_language_of_who_decides(new_context: NewContext, world: World) -> None:
    admin = signed_in(world, new_context(locale="zh-CN"), "admin")
    admin.goto("/#/approvals")
    card = admin.get_by_role("article")
    expect(card).to_contain_text("涉及他人的作业或文件，须由管理员批准。")
    expect(card.get_by_role("heading")).to_have_text("移除 dev 上 user01 的 3 个作业（2 个运行中, 1 个排队中）")
    expect(card).to_contain_text("others-property")


@pytest.mark.requirement("WEB-APPROVE-01")
def test_an_administrator_sees_exactly_what_is_asked_and_approves_it_once(asked: Page, sign_in: SignIn) -> None:
    admin = sign_in("admin", "/#/approvals")
    card = card_of(admin)
    for text in ("Remove 3 jobs of user01 on dev", "high risk", "alice", "remove_jobs", "job_ids: 201.0, 202.0, 203.0"):
        expect(card).to_contain_text(text)
    for text in ("3 targets", "user01", "2 jobs are running", "cannot be undone", "others-property"):
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


@pytest.mark.requirement("WEB-APPROVE-02")
def test_the_queue_is_ordered_by_risk_and_age_and_shows_rule_trace_and_conversation(
    asked: Page, sign_in: SignIn, world: World
) -> None:
    (first,) = world.approvals.values()
    first.value["risk"] = "write"
    call = {"call_id": "c-2", "tool": "remove_file", "arguments": {"path": "data/raw", "recursive": True}}
    preview = {"summary": "Remove data/raw", "targets": ["data/raw"], "owners": ["bob"], "details": [], "undo": None}
    second = world.request_approval(None, call, "bob", preview)
    second.value |= {"diff": "--- a\n+++ b\n-old line\n+new line\n", "unbound": ["/opt/tool"], "worker_id": "w-7"}
    admin = sign_in("admin", "/#/approvals")
    expect(card_of(admin)).to_have_count(2)
    expect(card_of(admin).first).to_contain_text("Remove data/raw")
    for text in ("bob", "recursive: true", "1 target", "+new line", "/opt/tool", "w-7", "others-property"):
        expect(card_of(admin).first).to_contain_text(text)
    card = card_of(admin).last
    expect(card).to_contain_text(str(first.value["session_id"]))
    card.get_by_text("All 3 rules that were looked at").click()
    expect(card.get_by_role("row", name="others-property matches")).to_be_visible()
    expect(card.get_by_role("row", name="many-jobs targets_over")).to_be_visible()


@pytest.mark.requirement("GATE-APPROVAL-10")
def test_an_approval_for_an_exact_pattern_is_listed_and_taken_back(asked: Page, sign_in: SignIn, world: World) -> None:
    admin = sign_in("admin", "/#/approvals")
    card_of(admin).get_by_role("button", name="Approve for longer").click()
    dialog = admin.get_by_role("dialog", name="Approve this and later calls")
    dialog.get_by_label("For how long").select_option("60")
    dialog.get_by_label("At most how many calls").fill("5")
    dialog.get_by_label("job_ids: may be").select_option("any")
    dialog.get_by_role("button", name="Approve").click()
    expect(admin.get_by_text("Nothing waits for a decision.")).to_be_visible()
    (grant,) = world.grants.values()
    assert (grant["most_uses"], grant["arguments"]["job_ids"]["kind"]) == (5, "any")
    assert grant["arguments"]["cluster"] == {"kind": "same", "value": "dev"}
    admin.get_by_role("tab", name="In force").click()
    expect(admin.get_by_text("0 of 5 calls used")).to_be_visible()
    expect(admin.get_by_text('cluster: "dev"')).to_be_visible()
    admin.get_by_role("button", name="Take back").click()
    expect(admin.get_by_text("No approval lets later calls through.")).to_be_visible()


def test_a_requester_confirms_a_change_of_their_own_where_the_request_says_so(
    asked: Page, sign_in: SignIn, world: World
) -> None:
    (approval,) = world.approvals.values()
    approval.value |= {"approver": "requester"}
    alice = sign_in("alice", "/#/approvals")
    card = card_of(alice)
    expect(card).to_contain_text("This is yours to confirm")
    expect(card.get_by_role("button", name="Approve for longer")).to_have_count(0)
    card.get_by_role("button", name="Approve once").click()
    expect(alice.get_by_text("Nothing waits for a decision.")).to_be_visible()
    assert (approval.value["state"], approval.value["decided_by"]) == ("approved", "alice")


@pytest.mark.requirement("GATE-APPROVAL-11")
def test_two_persons_and_a_fresh_login_are_asked_for_and_their_progress_is_shown(
    asked: Page, sign_in: SignIn, world: World
) -> None:
    (approval,) = world.approvals.values()
    approval.value |= {"persons": 2, "fresh_login_s": 600.0}
    admin = sign_in("admin", "/#/approvals")
    card = card_of(admin)
    expect(card).to_contain_text("0 of 2 persons have approved")
    expect(card).to_contain_text("takes a sign-in of the last 10 min")
    expect(card.get_by_role("button", name="Approve for longer")).to_have_count(0)
    card.get_by_role("button", name="Approve once").click()
    dialog = admin.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Sign in and approve").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_label("Password").fill("battery staple")
    dialog.get_by_role("button", name="Sign in and approve").click()
    expect(card).to_contain_text("1 of 2 persons have approved")
    expect(card).to_contain_text("so far: admin")
    assert approval.value["state"] == "pending"


@pytest.mark.requirement("GATE-APPROVAL-12")
def test_an_administrator_locks_the_requester_from_the_card_and_lifts_it_again(
    asked: Page, sign_in: SignIn, world: World
) -> None:
    admin = sign_in("admin", "/#/approvals")
    card_of(admin).get_by_role("button", name="Stop").click()
    dialog = admin.get_by_role("dialog", name="Lock and stop")
    expect(dialog.get_by_role("radio")).to_have_count(2)
    dialog.get_by_label("Reason").fill("runs wild")
    dialog.get_by_role("button", name="Lock now").click()
    expect(dialog).to_have_count(0)
    assert [(one["kind"], one["name"], one["reason"]) for one in world.locks] == [("user", "alice", "runs wild")]
    admin.get_by_role("tab", name="Kill switch").click()
    expect(admin.get_by_text("locked by admin")).to_be_visible()
    admin.get_by_role("button", name="Lift").click()
    expect(admin.get_by_text("Nothing is locked.")).to_be_visible()
    admin.get_by_role("button", name="Lock and stop").click()
    dialog.get_by_label("Name").fill("admin")
    dialog.get_by_label("Reason").fill("a mistake")
    dialog.get_by_role("button", name="Lock now").click()
    expect(dialog.get_by_role("alert")).to_contain_text("You would lock yourself out.")


def test_a_requester_is_offered_neither_decision_nor_kill_switch(asked: Page) -> None:
    asked.goto("/#/approvals")
    expect(card_of(asked)).to_be_visible()
    expect(asked.get_by_role("tab", name="Kill switch")).to_have_count(0)
    expect(asked.get_by_role("button", name="Stop")).to_have_count(0)


@pytest.mark.requirement("WEB-APPROVE-03")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dialogs_and_tabs_of_approvals_work_at_the_width_of_a_phone_and_for_everybody(
    asked: Page, sign_in: SignIn, world: World, violations: Callable[[Page], list[str]], theme: str
) -> None:
    (approval,) = world.approvals.values()
    approval.value["arguments"]["path"] = "a/very/long/path/to/some/results/of/an/analysis/in/the/workspace.root"
    world.locks.append(
        {"kind": "user", "name": "eve", "by": "ada", "reason": "runs wild", "at": "2026-01-01T00:00:00Z"}
    )
    phone = sign_in("admin", "/#/approvals", viewport={"width": 390, "height": 844}, color_scheme=theme)
    card_of(phone).get_by_role("button", name="Approve for longer").click()
    phone.get_by_label("path: may be").select_option("under")
    expect(phone.get_by_label("Directory for path")).to_have_value(
        "a/very/long/path/to/some/results/of/an/analysis/in/the"
    )
    assert violations(phone) == []
    phone.keyboard.press("Escape")
    phone.get_by_role("tab", name="Kill switch").click()
    expect(phone.get_by_text("locked by ada")).to_be_visible()
    assert violations(phone) == []
    assert phone.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert phone.evaluate(
        "(() => { const m = document.querySelector('main'); return m.scrollWidth <= m.clientWidth })()"
    )


def test_while_an_approval_waits_one_writes_on_and_the_message_is_sent_when_it_is_decided(
    asked: Page, sign_in: SignIn
) -> None:
    expect(asked.get_by_text("Waits for the approval of remove_jobs.")).to_be_visible()
    asked.get_by_label("Message").fill("Show me my running jobs")
    asked.get_by_role("button", name="Send after this turn").click()
    expect(asked.get_by_text("Is sent when this turn has ended:")).to_contain_text("Show me my running jobs")
    asked.reload()
    expect(asked.get_by_text("Is sent when this turn has ended:")).to_contain_text("Show me my running jobs")
    card_of(sign_in("admin", "/#/approvals")).get_by_role("button", name="Approve once").click()
    expect(asked.get_by_role("log")).to_contain_text("The three jobs are removed.")
    expect(asked.get_by_role("log")).to_contain_text("All is well.")
    expect(asked.get_by_text("Is sent when this turn has ended:")).to_have_count(0)


def test_a_message_that_waits_can_be_taken_back_and_the_request_withdrawn_to_go_on_at_once(asked: Page) -> None:
    asked.get_by_label("Message").fill("Show me my running jobs")
    asked.keyboard.press("Enter")
    asked.get_by_role("button", name="Take back").click()
    expect(asked.get_by_label("Message")).to_have_value("Show me my running jobs")
    asked.keyboard.press("Enter")
    asked.get_by_role("button", name="Withdraw the request and go on").click()
    expect(asked.get_by_role("log")).to_contain_text("All is well.")
    expect(asked.get_by_text("Waits for the approval")).to_have_count(0)


def test_what_was_left_empty_is_folded_and_the_buttons_of_a_long_request_are_seen_without_scrolling(
    asked: Page, sign_in: SignIn, world: World
) -> None:
    (approval,) = world.approvals.values()
    approval.value["arguments"] |= {"zone": None, "image": "", "environment": {}, "script": "run\n" * 60}
    admin = sign_in("admin", "/#/approvals", viewport={"width": 1280, "height": 860})
    expect(admin.get_by_text("3 left empty")).to_be_visible()
    expect(admin.get_by_text("zone: –")).to_be_hidden()
    expect(card_of(admin).get_by_role("button", name="Approve once")).to_be_in_viewport(ratio=1)
    admin.get_by_text("3 left empty").click()
    expect(admin.get_by_text("zone: –")).to_be_visible()

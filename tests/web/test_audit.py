"""The audit page: searching, the story of a call, replay of conversations, and the state of the ledger."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_world import World
from tests.web.recorded import conversation, terminal

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)>\u202egnp.exe"


@pytest.fixture
def audit(sign_in: SignIn, world: World) -> Page:
    """An administrator on the audit page; a conversation is on record."""
    conversation(world)
    page = sign_in("admin", "/#/audit")
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    return page


def search(page: Page, **fields: str) -> None:
    form = page.get_by_role("form", name="Search")
    for label, text in fields.items():
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name="Search").click()


@pytest.mark.requirement("WEB-AUDIT-01")
def test_attempts_are_listed_with_their_outcome_and_who_decided(audit: Page) -> None:
    found = audit.get_by_role("region", name="What was found")
    rows = found.get_by_role("row").filter(has_text="remove_jobs")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("done")
    expect(rows.nth(0)).to_contain_text("approved by admin")
    expect(rows.nth(0)).to_contain_text("202.0, 203.0")
    expect(rows.nth(1)).to_contain_text("refused")
    expect(rows.nth(1)).to_contain_text("rejected by admin")


@pytest.mark.requirement("WEB-AUDIT-01")
def test_a_search_is_by_who_tool_kind_time_and_text_and_stands_in_the_address(audit: Page, world: World) -> None:
    world.recorded.append(
        {"kind": "lock.set", "time": "2026-01-01T00:00:00Z", "by": "eve", "name": "mallory", "reason": HOSTILE}
    )
    found = audit.get_by_role("region", name="What was found")
    search(audit, Who="nobody")
    expect(found).to_contain_text("Nothing on record matches.")
    audit.get_by_role("combobox", name="What").select_option("Locks set")
    search(audit, Who="eve", Text="onerror", From="2025-12-01T00:00", Before="2026-02-01T00:00")
    expect(found.get_by_role("row").filter(has_text="mallory")).to_have_count(1)
    expect(found).to_contain_text(r"<img src=x onerror=alert(1)>\u{202e}gnp.exe")
    audit.reload()
    expect(audit.get_by_label("Who")).to_have_value("eve")
    expect(audit.get_by_label("From")).to_have_value("2025-12-01T00:00")
    expect(found.get_by_role("row").filter(has_text="mallory")).to_have_count(1)
    search(audit, Before="2025-12-02T00:00")
    expect(found).to_contain_text("Nothing on record matches.")


def test_a_search_is_sent_once_and_not_with_every_key(audit: Page, world: World) -> None:
    expect(audit.get_by_role("row").filter(has_text="remove_jobs")).to_have_count(2)
    before = len(world.looks)
    audit.get_by_label("Who").press_sequentially("alice")
    audit.keyboard.press("Enter")
    expect(audit.get_by_role("region", name="What was found")).to_have_attribute("aria-busy", "false")
    expect(audit.get_by_role("row").filter(has_text="remove_jobs")).to_have_count(2)
    assert [look for look in world.looks[before:] if "actor=alice" in look] == world.looks[before:]
    assert len(world.looks) == before + 1


@pytest.mark.requirement("WEB-AUDIT-01")
def test_the_whole_story_of_a_call_is_told_in_order(audit: Page) -> None:
    audit.get_by_role("row").filter(has_text="approved by admin").get_by_role("button").press("Enter")
    story = audit.get_by_role("complementary")
    expect(story.get_by_role("heading", level=3)).to_contain_text(
        ["Proposed", "Approval asked for", "Decided", "Intent recorded", "Ended"]
    )
    story.get_by_text("All 2 rules that were looked at").click()
    expect(story.get_by_role("row").filter(has_text="matches")).to_contain_text("others-property")
    expect(story).to_contain_text("5e" * 64)
    expect(story).to_contain_text("acting as")
    audit.keyboard.press("Escape")
    expect(story).to_have_count(0)
    expect(audit.get_by_role("row").filter(has_text="approved by admin").get_by_role("button")).to_be_focused()


@pytest.mark.requirement("WEB-AUDIT-01")
def test_a_conversation_is_replayed_step_by_step_as_its_user_saw_it(audit: Page) -> None:
    audit.get_by_role("tab", name="Conversations").click()
    audit.get_by_role("link", name="Tidy up").click()
    chat = audit.get_by_role("region", name="Conversation", exact=True)
    bar = audit.get_by_role("group", name="Replay")
    expect(bar).to_contain_text("1 of 16")
    expect(chat.get_by_role("article")).to_have_count(0)
    bar.get_by_role("button", name="One step on").click()
    expect(chat).to_contain_text("Remove the old jobs, please.")
    for _ in range(4):
        bar.get_by_role("button", name="One step on").press("Enter")
    request = chat.get_by_role("article", name="Approval needed")
    expect(request).to_contain_text("waiting")
    expect(request.get_by_role("button", name="Approve")).to_have_count(0)
    bar.get_by_role("button", name="One step on").press("Enter")
    expect(request).to_contain_text("these still run")
    bar.get_by_role("button", name="One step back").press("Enter")
    expect(request).not_to_contain_text("these still run")


@pytest.mark.requirement("WEB-AUDIT-01")
def test_a_replay_plays_to_its_end_at_the_speed_that_was_chosen(audit: Page, world: World) -> None:
    audit.goto(f"/#/audit/sessions/{next(iter(world.sessions))}")
    bar = audit.get_by_role("group", name="Replay")
    bar.get_by_role("combobox", name="Speed").select_option("20×")
    bar.get_by_role("button", name="Play").click()
    expect(bar).to_contain_text("16 of 16")
    expect(audit.get_by_role("region", name="Conversation", exact=True)).to_contain_text("Two are removed.")
    expect(bar.get_by_role("button", name="Play")).to_be_visible()
    bar.get_by_role("slider", name="Time line").press("Home")
    expect(bar).to_contain_text("1 of 16")


@pytest.mark.requirement("WEB-AUDIT-01")
def test_a_terminal_is_replayed_forth_and_back_and_takes_no_keys(audit: Page, world: World) -> None:
    terminal(world)
    audit.get_by_role("tab", name="Terminals").click()
    audit.get_by_role("link", name="alice").click()
    screen = audit.locator(".xterm-rows")
    bar = audit.get_by_role("group", name="Replay")
    expect(screen).to_contain_text("alice@node-007")
    expect(screen).not_to_contain_text("172.0 H")
    for _ in range(2):
        bar.get_by_role("button", name="One step on").press("Enter")
    expect(screen).to_contain_text("172.0 H")
    bar.get_by_role("button", name="One step back").press("Enter")
    expect(screen).not_to_contain_text("172.0 H")
    expect(screen).to_contain_text("condor_q")
    bar.get_by_role("combobox", name="Speed").select_option("20×")
    bar.get_by_role("button", name="Play").click()
    expect(bar).to_contain_text("6 of 6")
    expect(screen).to_contain_text("something is missing here")
    audit.locator(".xterm").click()
    audit.keyboard.type("typed")
    expect(screen).not_to_contain_text("typed")


def test_a_terminal_that_is_gone_says_so(audit: Page) -> None:
    audit.goto("/#/audit/terminals/r-0000000000000009")
    expect(audit.get_by_role("alert")).to_contain_text("the recording r-0000000000000009 is removed")


def test_a_ledger_whose_archives_are_elsewhere_is_said_to_be_so(audit: Page, world: World) -> None:
    world.missing.append("2025.db")
    audit.get_by_role("tab", name="Ledger").click()
    expect(audit.get_by_role("status").filter(has_text="archives with older chains")).to_be_visible()
    expect(audit.get_by_text("2025.db")).to_be_visible()


def test_the_state_of_the_ledger_is_shown_and_a_damaged_one_tells_what_to_do(audit: Page, world: World) -> None:
    audit.get_by_role("tab", name="Ledger").click()
    expect(audit.get_by_role("status").filter(has_text="The record is whole")).to_be_visible()
    expect(audit.get_by_role("list", name="State of the ledger")).to_contain_text("ink-harness/worker/w-000000000007")
    world.damage.append("session:s 4: the hash does not fit\u202e")
    audit.get_by_role("button", name="Check again").click()
    expect(audit.get_by_role("status").filter(has_text="The record is damaged: 1 problem.")).to_be_visible()
    expect(audit.get_by_text(r"session:s 4: the hash does not fit\u{202e}")).to_be_visible()
    expect(audit.get_by_role("heading", name="What to do now")).to_be_visible()


def test_a_conversation_that_is_gone_says_so(audit: Page) -> None:
    audit.goto("/#/audit/sessions/s-nowhere")
    expect(audit.get_by_role("alert")).to_contain_text("There is no session s-nowhere on record.")


def test_who_may_not_read_the_audit_has_no_such_page(alice: Page) -> None:
    expect(alice.get_by_role("link", name="Audit")).to_have_count(0)
    alice.goto("/#/audit")
    expect(alice.get_by_text("There is no such page.")).to_be_visible()


def test_the_form_is_one_line_on_a_small_laptop(sign_in: SignIn) -> None:
    page = sign_in("admin", "/#/audit", viewport={"width": 1280, "height": 860})
    form = page.get_by_role("form", name="Search")
    select, button = form.get_by_role("combobox").bounding_box(), form.get_by_role("button").bounding_box()
    assert select is not None and button is not None
    assert select["y"] < button["y"] + button["height"] < select["y"] + 2 * select["height"]

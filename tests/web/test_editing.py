"""Numbers of an answer lead to their source, edits of an agent come hunk by hunk, and what it gets of a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.contract_world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def chat(alice: Page) -> Page:
    alice.goto("/#/agent")
    alice.get_by_role("button", name="New session").first.click()
    expect(alice.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    return alice


def ask(page: Page, text: str) -> None:
    page.get_by_label("Message").fill(text)
    page.keyboard.press("Enter")


def follow(page: Page, number: str) -> Locator:
    """Press a number of the answer; returns the card that it opened."""
    page.get_by_role("log").locator("article.reply").get_by_role("button", name=number, exact=True).first.click()
    return page.locator("details.tool[open]")


FIT = "import ROOT\nlow = 0\nhigh = 120\n# the fit\nbins = 50\n"


@pytest.mark.requirement("WEB-EDITOR-02")
def test_of_an_edit_that_waits_one_hunk_is_taken_and_the_agent_is_told_which_was_not(
    chat: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    world.files["fit.py"] = FIT
    chat.get_by_role("button", name="Review edits").click()
    ask(chat, "Please edit the fit")
    chat.get_by_role("button", name="Choose changes").click()
    dialog = chat.get_by_role("dialog", name="What the agent would change")
    hunks = dialog.get_by_role("region")
    expect(hunks).to_have_count(2)
    expect(hunks.first).to_contain_text("- low = 0")
    expect(hunks.first).to_contain_text("+ low = 60")
    assert violations(chat) == []
    hunks.nth(1).get_by_label("take this change").uncheck()
    dialog.get_by_role("button", name="Take 1 of 2 changes").click()
    expect(chat.get_by_role("log")).to_contain_text("by hand: fit.py:2. Not taken: fit.py:5.")
    expect(dialog).to_have_count(0)
    assert world.files["fit.py"] == FIT.replace("low = 0", "low = 60")


@pytest.mark.requirement("WEB-EDITOR-02")
def test_a_file_that_changed_while_an_edit_waited_is_not_overwritten_and_all_of_it_is_the_agents_own_call(
    chat: Page, world: World
) -> None:
    world.files["fit.py"] = FIT
    chat.get_by_role("button", name="Review edits").click()
    ask(chat, "Please edit the fit")
    chat.get_by_role("button", name="Choose changes").click()
    dialog = chat.get_by_role("dialog", name="What the agent would change")
    dialog.get_by_label("take this change").first.uncheck()
    world.files["fit.py"] += "# mine\n"
    dialog.get_by_role("button", name="Take 1 of 2 changes").click()
    expect(dialog.get_by_role("alert")).to_contain_text("nothing was written")
    assert world.files["fit.py"] == f"{FIT}# mine\n"
    dialog.get_by_role("button", name="Try again").click()
    dialog.get_by_label("take this change").first.check()
    dialog.get_by_role("button", name="Take all 2 changes").click()
    expect(chat.get_by_role("log")).to_contain_text("The fit begins at 60 now.")
    assert world.files["fit.py"] == FIT.replace("low = 0", "low = 60").replace("bins = 50", "bins = 90") + "# mine\n"


@pytest.mark.requirement("WEB-EDITOR-02")
def test_an_edit_that_was_made_at_once_is_undone_by_hunk_or_whole_also_after_a_reload(
    chat: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    world.files["fit.py"] = FIT
    ask(chat, "Please edit the fit")
    expect(chat.get_by_role("log")).to_contain_text("The fit begins at 60 now.")
    chat.reload()
    chat.get_by_role("button", name="Show the change").click()
    dialog = chat.get_by_role("dialog", name="What the agent changed")
    expect(dialog.get_by_role("region")).to_have_count(2)
    assert violations(chat) == []
    dialog.get_by_role("button", name="Undo this change").first.click()
    expect(dialog.get_by_role("region")).to_have_count(1)
    assert world.files["fit.py"] == FIT.replace("bins = 50", "bins = 90")
    world.files["fit.py"] = FIT.replace("low = 0", "low = 60").replace("bins = 50", "bins = 90")
    dialog.get_by_role("button", name="Close").click()
    chat.get_by_role("button", name="Show the change").click()
    dialog.get_by_role("button", name="Undo all").click()
    expect(dialog).to_contain_text("This file is as it was before.")
    assert world.files["fit.py"] == FIT


@pytest.fixture
def terminal(alice: Page, ready_worker: str) -> Page:
    """A session with a worker, and a terminal of it in which something is printed."""
    alice.goto("/#/agent")
    alice.get_by_role("tab", name="Terminal").click()
    alice.get_by_role("button", name="Open a terminal").first.click()
    expect(alice.locator(".xterm-rows")).to_contain_text("alice@node-007")
    return alice


@pytest.mark.requirement("WEB-TERM-02")
def test_a_selection_of_the_terminal_goes_along_with_a_message_as_a_quote(
    terminal: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    send = terminal.get_by_role("button", name="Selection to chat")
    expect(send).to_be_disabled()
    box = terminal.locator(".xterm-rows").bounding_box()
    assert box is not None
    terminal.mouse.dblclick(box["x"] + 12, box["y"] + 8)
    terminal.keyboard.press("Control+Shift+Enter")
    quotes = terminal.get_by_role("list", name="Sent along from terminals")
    expect(quotes).to_contain_text("1 line")
    terminal.get_by_role("button", name="Do not send this along").click()
    expect(quotes).to_have_count(0)
    send.click()
    ask(terminal, "Show me what this says about my running jobs")
    said = terminal.get_by_role("log").locator("article.user")
    said.locator("summary").click()
    expect(said.get_by_role("list", name="Sent along from terminals")).to_contain_text("alice")
    expect(quotes).to_have_count(1)
    assert violations(terminal) == []
    (session,) = world.sessions.values()
    (message,) = [event for event in session.events if event["kind"] == "user.message"]
    assert "alice" in message["quotes"][0]["text"]
    assert message["quotes"][0]["terminal_id"] in world.terminals


@pytest.mark.requirement("WEB-TERM-02")
def test_the_agent_may_read_a_terminal_while_that_is_switched_on_and_the_page_shows_it(
    terminal: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    allow = terminal.get_by_role("button", name="Agent may read", exact=True)
    expect(allow).to_have_attribute("aria-pressed", "false")
    allow.click()
    expect(allow).to_have_attribute("aria-pressed", "true")
    terminal.reload()
    terminal.get_by_role("tab", name="Terminal").click()
    expect(terminal.get_by_role("button", name="the agent may read this terminal")).to_be_visible()
    assert violations(terminal) == []
    allow.click()
    expect(terminal.get_by_role("button", name="the agent may read this terminal")).to_have_count(0)
    (session,) = world.sessions.values()
    allowed = [event["on"] for event in session.events if event["kind"] == "terminal.readable"]
    assert allowed == [True, False]


@pytest.mark.requirement("WEB-CHAT-06")
def test_a_number_in_an_answer_leads_to_the_line_of_the_result_and_to_the_job_also_after_a_reload(
    chat: Page, violations: Callable[[Page], list[str]]
) -> None:
    ask(chat, "Why is my job held?")
    expect(chat.get_by_role("button", name="Send")).to_be_visible()
    answer = chat.get_by_role("log").locator("article.reply")
    unsourced = answer.locator("[data-source=none]")
    expect(unsourced.filter(has_text="0.97")).to_have_count(1)
    expect(unsourced.filter(has_text="5122")).to_have_count(0)
    chat.reload()
    card = follow(chat, "5122 MB")
    expect(card.locator("mark")).to_have_text("evidence: Peak usage: 5122 megabytes")
    expect(card.locator("mark")).to_be_in_viewport()
    assert violations(chat) == []
    follow(chat, "172.0")
    expect(card.locator("mark")).to_have_text("job_id: 172.0")
    card.get_by_role("link", name="Job 172.0").click()
    expect(chat).to_have_url(re.compile(r"#/jobs/dev/172\.0$"))

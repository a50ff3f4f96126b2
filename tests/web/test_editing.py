"""Numbers of an answer lead to their source, edits of an agent come hunk by hunk, and what it gets of a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

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

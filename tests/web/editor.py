"""What a test does with the page's editor."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def save(page: Page) -> None:
    """Save with the keyboard and wait for the end: "unsaved" gives way to "Saving…" first, and that to nothing."""
    expect(page.get_by_text("● unsaved")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("● unsaved").or_(page.get_by_text("Saving…"))).to_be_hidden()

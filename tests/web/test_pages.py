"""What holds for the page as a whole: a phone's width, size, the keyboard's way in, its memory, its content policy."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewContext, SignIn
from tests.web.contract_world import World

pytestmark = pytest.mark.browser

Violations = Callable[[Page], list[str]]
PAGES = (
    *("portal", "agent", "jobs", "joblens", "files", "tasks", "usage", "tokens", "approvals"),
    *("audit", "audit/ledger", "admin/tokens"),
)


@pytest.mark.requirement("WEB-APPROVE-03")
def test_at_the_width_of_a_phone_axe_finds_nothing_and_no_page_is_wider(
    sign_in: SignIn, world: World, violations: Violations
) -> None:
    preview = {
        "summary": "Remove 3 jobs of user01 on dev",
        "targets": ["201.0", "202.0", "203.0"],
        "owners": ["user01"],
    }
    call = {"call_id": "c-1", "tool": "remove_jobs", "arguments": {"job_ids": preview["targets"], "cluster": "dev"}}
    world.request_approval(None, call, "alice", {**preview, "details": ["2 are running"], "undo": None})
    phone = sign_in("admin", viewport={"width": 390, "height": 844})
    for name in PAGES:
        phone.goto("/#/" if name == "portal" else f"/#/{name}")
        expect(phone.locator("main h1").first).to_be_attached()
        expect(phone.get_by_text("Loading…")).to_have_count(0)
        assert violations(phone) == []
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, name


@pytest.mark.requirement("WEB-SIZE-01")
def test_the_first_load_is_at_most_120_kb_compressed_and_ready_soon(sign_in: SignIn, built_page: Path) -> None:
    page = sign_in("alice", "/#/")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)")
    files = [
        built_page / "index.html",
        *(built_page / name.lstrip("/") for name in loaded if name.startswith("/assets/")),
    ]
    total = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)
    assert total <= 120_000, total
    rounds = [(_ready_ms(page), page.evaluate(TENTH_OF_THE_TIME)) for _ in range(3)]
    ready_ms, tenth_ms = map(min, zip(*rounds, strict=True))
    assert ready_ms <= 10 * tenth_ms, rounds


TENTH_OF_THE_TIME = """() => {
    const began = performance.now()
    let x = 1
    for (let step = 0; step < 30_000_000; step++) x = (x * 1103515245 + 12345) | 0
    return x && performance.now() - began
}"""
"""Work that took 150 ms where 1.5 s are allowed: a slower or busier machine is slower with both."""


def _ready_ms(page: Page) -> float:
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")


def test_the_keyboard_skips_to_the_content_and_a_new_page_takes_the_focus(alice: Page) -> None:
    alice.reload()
    expect(alice.get_by_role("heading", level=1)).to_be_visible()
    alice.keyboard.press("Tab")
    expect(alice.get_by_role("link", name="Skip to content")).to_be_focused()
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("main")).to_be_focused()
    alice.get_by_role("link", name="Jobs", exact=True).press("Enter")
    expect(alice.get_by_role("heading", name="Jobs")).to_be_visible()
    expect(alice.get_by_role("main")).to_be_focused()


def test_language_and_theme_are_remembered(alice: Page) -> None:
    alice.get_by_role("button", name="中文").click()
    alice.get_by_role("button", name="深色主题").click()
    alice.reload()
    expect(alice.get_by_role("heading", name="alice，您好。")).to_be_visible()
    assert alice.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]") == [
        "zh-CN",
        "dark",
    ]


@pytest.mark.requirement("WEB-THEME-01")
def test_the_theme_is_the_systems_until_one_is_chosen(alice: Page) -> None:
    root = alice.locator("html")
    alice.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")
    alice.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-theme", "light")
    alice.get_by_role("button", name="Dark theme").click()
    alice.emulate_media(color_scheme="dark")
    alice.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-theme", "dark")


@pytest.mark.requirement("WEB-THEME-01")
def test_the_chosen_theme_is_there_before_the_page_is_drawn(alice: Page) -> None:
    alice.get_by_role("button", name="Dark theme").click()
    alice.route("**/assets/*.js", lambda route: route.abort())
    alice.reload()
    expect(alice.locator("#app")).to_be_empty()
    expect(alice.locator("body")).to_have_css("background-color", "rgb(14, 19, 27)")


@pytest.mark.requirement("WEB-CSP-01")
def test_the_watch_over_the_content_policy_sees_a_violation(new_context: NewContext) -> None:
    """Every test asserts that there was none; this one shows that they would notice."""
    watched = new_context()
    page = watched.page()
    page.goto("/")
    page.evaluate("document.head.append(Object.assign(document.createElement('style'), {textContent: 'p{}'}))")
    page.evaluate("fetch('https://elsewhere.example/').catch(() => null)")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    seen = " ".join(watched.complaints)
    watched.complaints.clear()
    assert "style-src" in seen and "connect-src" in seen

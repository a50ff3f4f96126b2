"""What holds for every page: axe-core finds nothing, in both themes and languages; size, keyboard and screenshots."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewContext, SignIn
from tests.web.contract_apps import app_session
from tests.web.contract_knowledge import contributed, corrected
from tests.web.contract_site import incident, node_tile
from tests.web.contract_tasks import subagent, task
from tests.web.contract_tools import TOOLS
from tests.web.contract_usage import account, usage_line
from tests.web.contract_world import PASSWORDS, World
from tests.web.measured_jobs import BEGUN, on_cards, running
from tests.web.recorded import conversation, terminal

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("INK_SCREENSHOTS")
"""A folder for screenshots of every page; without it none are made."""
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "zh": {"color_scheme": "light", "locale": "zh-CN"},
}
Violations = Callable[[Page], list[str]]


@pytest.fixture
def busy(world: World, ready_worker: str) -> World:
    """Alice has a ready worker and a terminal in it, and two apps."""
    terminal = TOOLS["open_terminal"](world, "alice", {})["terminal_id"]
    world.terminals[terminal].write(
        b"condor_q\r\n\x1b[32m172.0\x1b[0m  alice  \x1b[31mH\x1b[0m  run.sh\r\nalice@node-007:~$ "
    )
    ready = {
        "node": "node-007",
        "url": "http://apps.example/jupyter/node-007/31000/alice/",
        "ends_at": "2099-01-01T00:00:00Z",
    }
    waiting = {"reason": "No node has 8 free CPUs.", "estimate_s": 90.0}
    world.app_sessions += [
        app_session("as-2", "alice", state="queued", job_id="4713.0", **waiting),
        app_session("as-1", "alice", state="ready", job_id="4712.0", **ready),
    ]
    return world


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(new_context: NewContext, busy: World, look: str) -> Page:
    page = new_context(**LOOKS[look]).page()
    page.goto("/")
    return page


def enter(page: Page, user: str = "alice") -> None:
    page.locator("input").first.fill(user)
    page.locator("input[type=password]").fill(PASSWORDS[user])
    page.keyboard.press("Enter")
    expect(page.locator("header nav")).to_be_visible()


def look_at(page: Page, name: str, look: str, violations: Violations) -> None:
    expect(page.get_by_role("heading", level=1).first).to_be_attached()  # the page is there
    page.evaluate("document.fonts.ready")
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS) / f"{name}-{look}.png")
    assert violations(page) == []


def chat(page: Page) -> None:
    """A conversation with an answer, a card and a waiting request; a file in the editor."""
    page.goto("/#/agent")
    for text, shown in (("Show my jobs", "All is well."), ("Why is it held?", "5122 MB"), ("remove", "others-jobs")):
        expect(page.locator("form .primary")).to_be_visible()
        page.locator("textarea").fill(text)
        page.keyboard.press("Enter")
        expect(page.get_by_role("log")).to_contain_text(shown)
    page.get_by_role("treeitem", name="analysis").click()
    page.get_by_role("treeitem", name="select.py").click()
    expect(page.locator(".cm-content")).to_contain_text("EnableImplicitMT")


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.requirement("WEB-LANG-01")
def test_axe_finds_nothing_on_the_pages_of_a_user(page: Page, look: str, violations: Violations) -> None:
    look_at(page, "sign-in", look, violations)
    enter(page)
    expect(page.locator("main article")).to_contain_text("node-007")
    expect(page.get_by_text("4713.0")).to_be_visible()
    look_at(page, "portal", look, violations)
    chat(page)
    look_at(page, "agent", look, violations)
    page.get_by_role("tab").nth(1).click()
    expect(page.locator(".xterm-rows")).to_contain_text("172.0")
    look_at(page, "terminal", look, violations)
    page.goto("/#/jobs?state=HOLDING")
    page.locator("td button").first.click()
    page.locator("aside button").nth(3).click()
    expect(page.locator("aside")).to_contain_text("more memory")
    look_at(page, "jobs", look, violations)


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.requirement("WEB-LANG-01")
def test_axe_finds_nothing_on_the_files_page(page: Page, look: str, violations: Violations) -> None:
    enter(page)
    page.goto("/#/files?open=README.md")
    expect(page.locator(".cm-content")).to_contain_text("My analysis.")
    expect(page.locator("tbody tr button").first).to_be_visible()
    look_at(page, "files", look, violations)
    page.locator("td.actions button").nth(-2).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look_at(page, "rename", look, violations)


@pytest.mark.requirement("WEB-A11Y-01")
def test_axe_finds_nothing_on_the_approvals_page(
    page: Page, look: str, violations: Violations, sign_in: SignIn
) -> None:
    enter(page)
    chat(page)
    admin = sign_in("admin", "/#/approvals")
    expect(admin.get_by_role("article")).to_be_visible()
    if look == "dark":
        admin.get_by_role("button", name="Dark theme").click()
    if look == "zh":
        admin.get_by_role("button", name="中文").click()
        expect(admin.get_by_role("heading", name="审批")).to_be_visible()
    look_at(admin, "approvals", look, violations)
    admin.get_by_role("article").get_by_role("button").nth(1).click()
    expect(admin.get_by_role("dialog")).to_be_visible()
    look_at(admin, "reject", look, violations)


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.requirement("WEB-LANG-01")
def test_axe_finds_nothing_on_the_audit_page(page: Page, world: World, look: str, violations: Violations) -> None:
    session = conversation(world)
    enter(page, "admin")
    page.goto("/#/audit")
    page.locator("tbody button").first.click()
    expect(page.locator("aside li")).to_have_count(5)
    page.locator("aside details").first.click()
    look_at(page, "audit", look, violations)
    page.goto("/#/audit?kind=*")
    page.locator("tbody button").first.click()
    expect(page.locator("tbody pre")).to_be_visible()
    look_at(page, "audit-events", look, violations)
    page.goto(f"/#/audit/sessions/{session.session_id}")
    page.locator("main input[type=range]").press("End")
    expect(page.get_by_text("Two are removed.")).to_be_visible()
    look_at(page, "replay", look, violations)
    page.goto(f"/#/audit/terminals/{terminal(world)}")
    expect(page.locator(".xterm-rows")).to_contain_text("alice@node-007")
    look_at(page, "terminal-replay", look, violations)
    world.damage.append("session:s 4: the hash does not fit")
    page.goto("/#/audit/ledger")
    expect(page.get_by_text("session:s 4")).to_be_visible()
    look_at(page, "ledger", look, violations)


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.requirement("WEB-LANG-01")
def test_axe_finds_nothing_on_the_page_of_joblens(page: Page, world: World, look: str, violations: Violations) -> None:
    world.traces.write([on_cards("172.0", sequence=1), running("174.0", sequence=2)])
    enter(page)
    page.goto("/#/joblens")
    expect(page.get_by_role("link", name="174.0")).to_be_visible()
    look_at(page, "joblens", look, violations)
    page.get_by_role("link", name="172.0").click()
    expect(page.locator("main svg[role=img]")).to_have_count(10)
    page.locator("details").first.click()
    page.goto(f"{page.url}?from={BEGUN + 200}&to={BEGUN + 500}&with=174.0")
    expect(page.locator("main section table")).to_have_count(3)
    look_at(page, "joblens-job", look, violations)


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.requirement("WEB-LANG-01")
def test_axe_finds_nothing_on_the_pages_of_the_cluster_and_of_knowledge(
    page: Page, world: World, look: str, violations: Violations
) -> None:
    ill = node_tile("node-007", "down", cpus_used=0, jobs=0, incidents=["i-1"])
    world.nodes = [node_tile("node-001"), node_tile("node-002", "maintenance", reason="new memory"), ill]
    world.incidents["i-1"] = incident("i-1", "Node node-007 is down")
    one = contributed(world, "alice", "Use /scratch for output", "The home is **small**.", kind="runbook")
    corrected(world, "alice", "It asked for 1 GB", "Ask for 4 GB: the calibration needs 3.")
    enter(page)
    page.goto("/#/cluster/i-1")
    expect(page.locator("aside ol li")).to_have_count(1)
    look_at(page, "cluster", look, violations)
    page.goto(f"/#/knowledge/library/{one}")
    expect(page.locator("aside article strong")).to_be_visible()
    look_at(page, "knowledge", look, violations)
    page.goto("/#/knowledge/corrections")
    expect(page.get_by_text("It asked for 1 GB")).to_be_visible()
    look_at(page, "corrections", look, violations)


@pytest.mark.requirement("WEB-A11Y-01")
@pytest.mark.requirement("WEB-THEME-01")
@pytest.mark.requirement("WEB-LANG-01")
def test_axe_finds_nothing_on_the_pages_of_tasks_and_of_usage(
    page: Page, world: World, look: str, violations: Violations
) -> None:
    (session,) = world.sessions.values()
    session.task_id = task(world, "alice", "Calibration", bob="steer")["task_id"]
    sent = subagent("s-2", session.session_id, str(session.task_id), "mc-simulation", "waiting_approval")
    world.subagents = {"s-2": sent}
    world.usage = {"model": [usage_line("site-model", 60_000)]}
    world.budgets["alice"] = account("user alice", tokens=100_000)
    enter(page)
    page.goto("/#/tasks")
    expect(page.get_by_role("link", name="mc-simulation")).to_be_visible()
    look_at(page, "tasks", look, violations)
    page.locator("header [aria-expanded]").click()
    page.locator("header a[href='#/usage']").click()
    expect(page.locator("tbody")).to_contain_text("site-model")
    look_at(page, "usage", look, violations)


@pytest.mark.requirement("WEB-APPROVE-03")
def test_axe_finds_nothing_at_the_width_of_a_phone(sign_in: SignIn, busy: World, violations: Violations) -> None:
    preview = {
        "summary": "Remove 3 jobs of user01 on dev",
        "targets": ["201.0", "202.0", "203.0"],
        "owners": ["user01"],
    }
    call = {"call_id": "c-1", "tool": "remove_jobs", "arguments": {"job_ids": preview["targets"], "cluster": "dev"}}
    busy.request_approval(None, call, "alice", {**preview, "details": ["2 are running"], "undo": None})
    phone = sign_in("admin", viewport={"width": 390, "height": 844})
    for name in ("portal", "agent", "jobs", "joblens", "files", "tasks", "usage", "approvals", "audit", "audit/ledger"):
        phone.goto("/#/" if name == "portal" else f"/#/{name}")
        expect(phone.locator("main h1").first).to_be_attached()
        expect(phone.get_by_text("Loading…")).to_have_count(0)
        look_at(phone, name.replace("/", "-"), "phone", violations)


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
    ready = [_ready_ms(page) for _ in range(3)]
    assert min(ready) <= 1_500, ready


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

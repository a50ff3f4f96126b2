"""Where a test goes that must hold for every page: one visit for each view, with what shows that it is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.web.contract_world import World
from tests.web.lived_in import CODE, MOMENT

ROUTES = Path(__file__).parents[2] / "web/src/routing/route.ts"
START = int(MOMENT.timestamp()) - 3600
"""When the measured job of the pictures began."""
Steps = Callable[[Page], None]


@dataclass(frozen=True)
class Visit:
    """`shows` is a selector with a text: what is visible when the page is there. Steps use no word of the page, since
    it speaks two languages. Without a user nobody is signed in."""

    name: str
    path: str
    shows: tuple[str, str]
    user: str = "alice"
    steps: Steps | None = None

    @property
    def dialog(self) -> bool:
        return self.shows[0].startswith("dialog")

    @property
    def page(self) -> str:
        """The name that the page's router has for it."""
        return re.split(r"[/?]", self.path.removeprefix("/#/"))[0] or "portal"

    @property
    def view(self) -> str:
        return re.split(r"[/?]", f"{self.path.removeprefix('/#/')}/")[1]


def routes() -> set[str]:
    """The pages that the router knows, from the type of its routes."""
    union = ROUTES.read_text().partition("export type Route =")[2].partition("\n\n")[0]
    return set(re.findall(r"page: '(\w+)'", union))


def views() -> set[tuple[str, str]]:
    """Of pages that have views with an address of their own, each view."""
    found = re.findall(r"const (\w+)_VIEWS: readonly string\[\] = \[(.*?)\]", ROUTES.read_text())
    return {(page.lower(), view) for page, names in found for view in re.findall(r"'(\w+)'", names)}


def clicked(*selectors: str) -> Steps:
    def click(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).click()

    return click


def _row_action(at: int) -> Steps:
    def act(page: Page) -> None:
        page.locator("tbody tr", has_text="README.md").locator("td.actions button").nth(at).click()

    return act


def _file_opened(page: Page) -> None:
    page.locator("[role=treeitem]", has_text="analysis").click()
    page.locator("[role=treeitem]", has_text="select.py").click()
    expect(page.locator(".cm-content")).to_contain_text("EnableImplicitMT")


def _terminal_shown(page: Page) -> None:
    expect(page.locator("[role=treeitem]").first).to_be_visible()  # the workspace is there
    page.locator("#tab-terminal").click()


def _why(page: Page) -> None:
    page.locator("tbody button").first.click()
    page.locator("aside button").nth(3).click()


def _event_opened(page: Page) -> None:
    page.locator("tbody button").first.click()
    expect(page.locator("tbody pre")).to_be_visible()


def _call_opened(page: Page) -> None:
    page.locator("tbody tr", has_text="admin").first.locator("button").click()
    page.locator("aside details").first.click()


def _played(page: Page) -> None:
    page.locator("main input[type=range]").press("End")


PAGES = (
    Visit("sign-in", "/", ("main form", ""), user=""),
    Visit("portal", "/#/", ("main", "4713.0")),
    Visit("agent", "/#/agent/{talk}", ("main", "others-property"), steps=_file_opened),
    Visit("terminal", "/#/agent/{talk}", (".xterm-rows", "172.0"), steps=_terminal_shown),
    Visit("tasks", "/#/tasks", ("main", "mc-simulation")),
    Visit("jobs", "/#/jobs?state=HOLDING", ("aside section", "5122"), steps=_why),
    Visit("dags", "/#/dags/dev/7", ("aside", "merge")),
    Visit("joblens", "/#/joblens", ("main", "174.0")),
    Visit("joblens-job", f"/#/joblens/dev/172.0?from={START + 200}&to={START + 500}&with=174.0", ("main", "run1.root")),
    Visit("files", "/#/files?open=README.md", (".cm-content", "My analysis.")),
    Visit("cluster", "/#/cluster/i-1", ("aside", "node-007"), user="admin"),
    Visit("knowledge", "/#/knowledge", ("aside strong", "small"), steps=clicked("tbody button")),
    Visit("corrections", "/#/knowledge/corrections", ("main", "It asked for 1 GB")),
    Visit("approvals", "/#/approvals", ("main article", "user01"), user="admin"),
    Visit("audit", "/#/audit", ("aside", "202.0"), user="admin", steps=_call_opened),
    Visit("audit-events", "/#/audit?kind=*", ("tbody pre", ""), user="admin", steps=_event_opened),
    Visit("replay", "/#/audit/sessions/{talk}", ("main", "condor_qedit"), user="admin", steps=_played),
    Visit("terminal-replay", "/#/audit/terminals/{recording}", (".xterm-rows", "alice@node-007"), user="admin"),
    Visit("ledger", "/#/audit/ledger", ("main svg", ""), user="admin"),
    Visit("usage", "/#/usage", ("tbody", "site-model")),
    Visit("tokens", "/#/tokens", ("tbody", "laptop")),
    Visit("foreign", "/#/foreign", ("main", "its schema contains itself"), user="admin"),
    Visit("admin", "/#/admin/users/alice", ("aside", "alice"), user="admin"),
    Visit("admin-tokens", "/#/admin/tokens", ("tbody", "scan"), user="admin"),
    Visit("admin-policy", "/#/admin/policy", ("main textarea", ""), user="admin"),
    Visit("admin-models", "/#/admin/models", ("main article", "near"), user="admin"),
    Visit("admin-rules", "/#/admin/rules", ("main li", "cpu-idle"), user="admin"),
    Visit("device", f"/#/device?code={CODE}", ("main", "ink on laptop")),
    Visit("consent", "/#/consent?request=r-1", ("main", "Analysis notebook")),
    Visit("unknown", "/#/nowhere", ("main a", "")),
)
"""Each view of each page; pictures are taken of these."""

OPENED = (
    Visit("account", "/#/", ("header a[href='#/usage']", ""), steps=clicked("header [aria-expanded]")),
    Visit("launch", "/#/", ("dialog", "Jupyter"), steps=clicked("li.card button >> nth=0")),
    Visit("new-task", "/#/tasks", ("dialog input", ""), steps=clicked("main nav > button")),
    Visit("lock", "/#/approvals", ("dialog textarea", ""), user="admin", steps=clicked("article .stop >> nth=0")),
    Visit(
        "rename",
        "/#/files",
        ("dialog input", ""),
        steps=_row_action(-2),
    ),
    Visit(
        "share",
        "/#/files",
        ("dialog select", ""),
        steps=_row_action(-3),
    ),
    Visit("confirmation", "/#/tokens", ("dialog button.danger", ""), steps=clicked("tbody button")),
    Visit("reject", "/#/approvals", ("dialog textarea", ""), user="admin", steps=clicked("article .danger >> nth=0")),
    Visit("grant", "/#/approvals", ("dialog table", ""), user="admin", steps=clicked(".buttons button >> nth=1")),
    Visit("grants", "/#/approvals", ("[role=tabpanel]", "hold_jobs"), user="admin", steps=clicked("#tab-grants")),
    Visit("locks", "/#/approvals", ("[role=tabpanel]", "mallory"), user="admin", steps=clicked("#tab-locks")),
)
"""Dialogs, menus and tabs that have no address."""


IN_THE_DARK = ("portal", "agent", "joblens-job", "cluster")
"""Of these there is a picture in dark and in Chinese too."""
ON_A_PHONE = Visit("approvals-phone", "/#/approvals", ("main article", "user01"), user="admin")
SIZE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def picture(visit: Visit, look: str) -> str | None:
    """The file of the picture that is kept of this visit in this look."""
    if visit in (*PAGES, ON_A_PHONE) and look == "light-en":
        return f"{visit.name}.png"
    return f"{visit.name}-dark-zh.png" if visit.name in IN_THE_DARK and look == "dark-zh" else None


def at(visit: Visit, world: World) -> str:
    """Its path, with the ids of this world."""
    talk = next(one.session_id for one in world.sessions.values() if one.worker_id)
    return visit.path.format(talk=talk, recording=next(iter(world.recordings)))


def go(page: Page, visit: Visit, world: World) -> None:
    page.goto(at(visit, world))
    expect(page.locator("main h1, main a").first).to_be_attached()
    if visit.steps:
        visit.steps(page)
    selector, text = visit.shows
    expect(page.locator(selector, has_text=re.compile(text)).first).to_be_visible()
    expect(page.locator(".ring:visible")).to_have_count(0)

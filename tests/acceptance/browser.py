"""What a person does with the page in a browser. Nothing here knows the page's inside but its words."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    StorageState,
    expect,
)

from tests.acceptance.event_stream import durable_events

SIZE = (1280, 800)
ANSWER_MS = 60_000
WORKER_MS = 60_000
expect.set_options(timeout=ANSWER_MS)


class Visitor:
    """One person at the page, in a browser profile of their own. `troubles` is what the browser complained about."""

    def __init__(self, browser: Browser, url: str, signed_in: StorageState | None = None) -> None:
        """`signed_in`: the cookies of another visitor, for a second window of the same person."""
        self.context: BrowserContext = browser.new_context(
            viewport={"width": SIZE[0], "height": SIZE[1]}, locale="en-GB", storage_state=signed_in
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(ANSWER_MS)
        self.troubles: list[str] = []
        self._origin = url
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", self._asked)

    # -- sign-in and portal ------------------------------------------------------------------------------------------

    def sign_in_by_link(self, link: str) -> None:
        self.page.goto(link)
        self.expect_portal()

    def sign_in(self, username: str, password: str) -> None:
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def expect_portal(self) -> None:
        expect(self.page.get_by_role("heading", name=re.compile("Good to see you"))).to_be_visible()

    def go(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()

    @property
    def app(self) -> Locator:
        return self.page.get_by_role("article").filter(has=self.page.get_by_role("heading", name="AI Agent"))

    def launch_agent(self, cluster: str | None = None) -> Locator:
        """One click; the row of the new agent once it is ready."""
        if cluster:
            self.app.get_by_label("Cluster").select_option(cluster)
        self.app.get_by_role("button", name=re.compile("Launch")).click()
        row = self.app.get_by_role("listitem").filter(has_text=cluster or "job").first
        expect(row.locator(".badge").get_by_text("ready", exact=True)).to_be_visible(timeout=WORKER_MS)
        return row

    # -- agent page --------------------------------------------------------------------------------------------------

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    def send(self, text: str) -> None:
        """Sends a message and returns once the conversation shows it."""
        asked = self.log.locator("article.user")
        before = asked.count()
        self.page.get_by_label("Message").fill(text)
        self.page.keyboard.press("Enter")
        expect(asked).to_have_count(before + 1)

    def ask(self, text: str) -> str:
        """The last reply to a message, when the turn has ended."""
        before = self.log.locator("article.reply").count()
        self.send(text)
        return self.answer(before)

    def answer(self, before: int) -> str:
        self.expect_quiet()
        expect(self.log.locator("article.reply").nth(before)).to_be_visible()
        return self.log.locator("article.reply").last.inner_text()

    def expect_quiet(self) -> None:
        expect(self.log).to_have_attribute("aria-busy", "false", timeout=ANSWER_MS)

    @property
    def last_card(self) -> Locator:
        return self.log.locator("details.tool").last

    # -- files and terminal ------------------------------------------------------------------------------------------

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def write_new_file(self, path: str, text: str) -> None:
        """Creates a file in the editor, types and saves it."""
        self.tab("Files")
        self.page.get_by_role("button", name="New file").click()
        self.page.get_by_label("Path of the new file").fill(path)
        self.page.get_by_role("button", name="Create").click()
        self.page.get_by_label(f"Editor: {path}").click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+S")
        expect(self.page.get_by_role("treeitem", name=path, exact=True)).to_be_visible()
        expect(self.page.get_by_text("unsaved")).to_be_hidden()

    def open_terminal(self) -> None:
        self.tab("Terminal")
        self.page.get_by_role("button", name="Open a terminal").last.click()
        self.expect_terminal(r"[$>#] ")

    def type(self, line: str) -> None:
        expect(self.page.get_by_text("connecting…", exact=True)).to_be_hidden()
        self.page.get_by_role("textbox", name=re.compile("^Terminal ")).focus()
        self.page.keyboard.type(line + "\n")

    def expect_terminal(self, pattern: str) -> str:
        """What the terminal shows, once the pattern is in it."""
        screen = self.page.locator(".xterm-rows")
        expect(screen).to_contain_text(re.compile(pattern))
        return "\n".join(screen.locator("> div").all_inner_texts()).replace("\xa0", " ")

    # -- approvals ---------------------------------------------------------------------------------------------------

    def approval(self, text: str) -> Locator:
        """The waiting request on the approvals page that says `text`."""
        self.go("Approvals")
        card = self.page.get_by_role("article", name="Approval needed").filter(has_text=text)
        expect(card).to_be_visible()
        return card

    def reject(self, card: Locator, reason: str) -> None:
        card.get_by_role("button", name="Reject").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("textbox").fill(reason)
        dialog.get_by_role("button", name="Reject").click()
        expect(card).to_be_hidden()

    # -- the same session by REST --------------------------------------------------------------------------------------

    def get(self, path: str) -> Any:
        answer = self.context.request.get(f"{self._origin}/api/v1{path}")
        assert answer.ok, f"{path}: {answer.status} {answer.text()}"
        return answer.json()

    def job_ids(self, owner: str) -> list[str]:
        return [job["job_id"] for job in self.get(f"/jobs?owner={owner}&limit=200")["jobs"]]

    def events(self, kind: str, *, of_last_call: bool = False) -> list[dict[str, Any]]:
        """Durable events of the session on the page."""
        session = self.page.url.rpartition("/")[2]
        cookies = {str(one.get("name")): str(one.get("value")) for one in self.context.cookies(self._origin)}
        known = durable_events(self._origin, cookies, session, self.get(f"/sessions/{session}")["last_seq"])
        last = [event["call_id"] for event in known if event["kind"] == "call.proposed"][-1:]
        return [e for e in known if e["kind"] == kind and (not of_last_call or [e.get("call_id")] == last)]

    # -- what the browser says ---------------------------------------------------------------------------------------

    def _heard(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.troubles.append(message.text)

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != self._origin:
            self.troubles.append(f"asked a foreign origin: {request.url}")

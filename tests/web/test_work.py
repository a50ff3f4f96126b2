"""Files, the editor and the terminal beside the conversation."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.web.contract_world import World
from tests.web.editor import save

pytestmark = pytest.mark.browser


@pytest.fixture
def work(alice: Page, ready_worker: str) -> Page:
    """A session with a ready worker."""
    alice.goto("/#/agent")
    expect(alice.get_by_role("tree")).to_be_visible()
    return alice


def open_select(page: Page) -> None:
    page.get_by_role("treeitem", name="analysis").click()
    page.get_by_role("treeitem", name="select.py").click()
    expect(page.get_by_label("Editor: analysis/select.py")).to_contain_text("EnableImplicitMT")


@pytest.mark.requirement("WEB-EDITOR-01")
def test_a_file_is_opened_edited_and_saved_with_the_keyboard(work: Page, world: World) -> None:
    open_select(work)
    work.get_by_label("Editor: analysis/select.py").click()
    work.keyboard.press("Control+Home")
    work.keyboard.type("# checked\n")
    save(work)
    assert world.files["analysis/select.py"].startswith("# checked\nimport ROOT")


def test_a_file_that_changed_meanwhile_is_not_overwritten_unless_told(work: Page, world: World) -> None:
    open_select(work)
    world.files["analysis/select.py"] = "somebody else's version\n"
    work.get_by_label("Editor: analysis/select.py").click()
    work.keyboard.type("mine")
    work.get_by_role("button", name="Save").click()
    expect(work.get_by_role("alert")).to_contain_text("Nothing was overwritten.")
    assert world.files["analysis/select.py"] == "somebody else's version\n"
    work.get_by_role("button", name="Load the new version").click()
    expect(work.get_by_label("Editor: analysis/select.py")).to_contain_text("somebody else's version")
    expect(work.get_by_role("alert")).to_be_hidden()


def test_unsaved_changes_are_not_left_without_asking(work: Page) -> None:
    open_select(work)
    work.get_by_label("Editor: analysis/select.py").click()
    work.keyboard.type("mine")
    work.get_by_role("treeitem", name="job.yaml").click()
    work.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(work.get_by_label("Editor: analysis/select.py")).to_contain_text("mine")
    work.get_by_role("treeitem", name="job.yaml").click()
    work.get_by_role("dialog").get_by_role("button", name="Continue").click()
    expect(work.get_by_label("Editor: analysis/job.yaml")).to_contain_text("executable")


def test_a_new_file_is_written_when_it_is_saved(work: Page, world: World) -> None:
    work.get_by_role("button", name="New file").click()
    work.get_by_label("Path of the new file").fill("fresh.sh")
    work.keyboard.press("Enter")
    work.get_by_label("Editor: fresh.sh").click()
    work.keyboard.type("echo fresh")
    work.keyboard.press("Control+s")
    expect(work.get_by_role("treeitem", name="fresh.sh")).to_be_visible()
    assert world.files["fresh.sh"] == "echo fresh"


def test_the_tree_is_walked_with_the_keyboard(work: Page) -> None:
    work.get_by_role("treeitem", name="analysis").focus()
    work.keyboard.press("ArrowRight")
    expect(work.get_by_role("treeitem", name="job.yaml")).to_be_visible()
    work.keyboard.press("ArrowDown")
    expect(work.get_by_role("treeitem", name="job.yaml")).to_be_focused()
    work.keyboard.press("Enter")
    expect(work.get_by_label("Editor: analysis/job.yaml")).to_contain_text("executable: run.sh")
    work.get_by_role("treeitem", name="job.yaml").focus()
    work.keyboard.press("ArrowLeft")
    expect(work.get_by_role("treeitem", name="analysis")).to_be_focused()


def test_a_worker_that_ended_is_said_instead_of_an_empty_pane(work: Page, world: World) -> None:
    world.agents[0]["state"] = "gone"
    expect(work.get_by_text("State of the worker of this session: ended.")).to_be_visible(timeout=15_000)


def test_without_a_worker_the_files_of_the_access_point_are_shown(alice: Page) -> None:
    alice.get_by_role("button", name="Chat without a worker").click()
    expect(alice.get_by_role("treeitem", name="hello.sh")).to_be_visible()
    alice.get_by_role("tab", name="Terminal").click()
    expect(alice.get_by_text("A terminal needs a worker.")).to_be_visible()


HOSTILE = {
    "two\nlines": r"two\nlines",
    "<img src=x onerror=alert(1)>": "<img src=x onerror=alert(1)>",
    "quo'te\"s": "quo'te\"s",
    "caf\uefe9": r"caf\xe9",
    "exe\u202etxt": r"exe\u{202e}txt",
}


@pytest.mark.requirement("CORE-FILES-04")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_readable_and_opened_and_saved_as_it_is(work: Page, world: World, name: str) -> None:
    world.files[name] = "before\n"
    work.get_by_role("button", name="Refresh").click()
    work.get_by_role("treeitem", name=HOSTILE[name], exact=True).click()
    editor = work.get_by_label(f"Editor: {HOSTILE[name]}", exact=True)
    expect(editor).to_contain_text("before")
    editor.click()
    work.keyboard.press("Control+Home")
    work.keyboard.type("after and ")
    save(work)
    assert world.files[name] == "after and before\n"
    expect(work.locator("main img")).to_have_count(0)


@pytest.mark.requirement("WEB-TERM-01")
def test_the_terminal_answers_survives_a_reload_and_tells_its_end(work: Page, world: World) -> None:
    work.get_by_role("tab", name="Terminal").click()
    work.get_by_role("button", name="Open a terminal").first.click()
    screen = work.locator(".xterm-rows")
    expect(screen).to_contain_text("alice@node-007")
    expect(work.locator(".xterm-helper-textarea")).to_be_focused()
    work.keyboard.type("echo still here\n")
    expect(screen).to_contain_text("echo still here")
    expect(screen).to_contain_text("still here")
    work.reload()
    work.get_by_role("tab", name="Terminal").click()
    expect(screen).to_contain_text("echo still here")
    assert len(world.terminals) == 1
    work.locator(".xterm").click()
    work.keyboard.type("exit\n")
    expect(work.get_by_text("The shell has ended (exit code 0).")).to_be_visible()


def test_true_colours_are_shown_in_the_terminal_under_the_content_policy(work: Page, world: World) -> None:
    work.get_by_role("tab", name="Terminal").click()
    work.get_by_role("button", name="Open a terminal").first.click()
    expect(work.locator(".xterm-rows")).to_contain_text("alice@node-007")
    next(
        iter(world.terminals.values())
    ).written += b"\r\n\x1b[38;2;200;40;40mred\x1b[0m \x1b[38;5;208morange\x1b[0m\r\n"
    work.reload()
    work.get_by_role("tab", name="Terminal").click()
    expect(work.locator(".xterm-rows").get_by_text("red", exact=True)).to_have_css("color", "rgb(200, 40, 40)")


def test_a_selection_in_the_terminal_is_copied_and_otherwise_ctrl_c_is_the_shells(work: Page) -> None:
    work.context.grant_permissions(["clipboard-read", "clipboard-write"])
    work.get_by_role("tab", name="Terminal").click()
    work.get_by_role("button", name="Open a terminal").first.click()
    screen = work.locator(".xterm-rows")
    expect(screen).to_contain_text("alice@node-007")
    box = screen.bounding_box()
    assert box is not None
    work.mouse.dblclick(box["x"] + 12, box["y"] + 8)
    work.keyboard.press("Control+c")
    assert "alice" in work.evaluate("navigator.clipboard.readText()")


def test_a_worker_that_comes_back_gets_the_keys_that_were_typed_meanwhile(work: Page) -> None:
    attempts: list[WebSocketRoute] = []

    def refuse_twice(socket: WebSocketRoute) -> None:
        attempts.append(socket)
        if len(attempts) <= 2:
            socket.close(code=4404, reason="The worker is not connected.")
        else:
            socket.connect_to_server()

    work.route_web_socket("**/api/v1/terminals/**", refuse_twice)
    work.get_by_role("tab", name="Terminal").click()
    work.get_by_role("button", name="Open a terminal").first.click()
    expect(work.get_by_role("alert")).to_contain_text("The worker is not connected.")
    work.get_by_role("textbox", name="Terminal").focus()
    work.keyboard.type("echo early\n")
    expect(work.locator(".xterm-rows")).to_contain_text("echo early")
    expect(work.get_by_role("alert")).to_have_count(0)
    assert len(attempts) == 3


def test_the_terminal_is_left_with_the_keyboard(work: Page) -> None:
    work.get_by_role("tab", name="Terminal").click()
    work.get_by_role("button", name="Open a terminal").first.click()
    expect(work.locator(".xterm-rows")).to_contain_text("alice@node-007")
    work.locator(".xterm").click()
    work.keyboard.press("Control+Shift+Escape")
    expect(work.get_by_role("button", name="Open a terminal")).to_be_focused()


def test_a_terminal_that_cannot_be_attached_says_why(work: Page, world: World) -> None:
    work.get_by_role("tab", name="Terminal").click()
    work.get_by_role("button", name="Open a terminal").first.click()
    expect(work.locator(".xterm-rows")).to_contain_text("alice@node-007")
    identifier, terminal = next(iter(world.terminals.items()))
    body = {"terminals": [{"terminal_id": identifier, "pid": 1, "alive": True, "next_offset": len(terminal.written)}]}
    call = {"call_id": "c-1", "tool": "list_terminals", "arguments": {}, "status": "done", "result": body}
    world.terminals.clear()

    def answer(route: Route) -> None:
        listing = "list_terminals" in (route.request.post_data or "")
        route.fulfill(json=call) if listing else route.continue_()

    work.route("**/api/v1/calls", answer)
    work.reload()
    work.get_by_role("tab", name="Terminal").click()
    expect(work.get_by_role("alert").filter(has_text="no such terminal")).to_be_visible()

"""Real apps as jobs of the local scheduler, opened through the real nginx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from bench.running_manager import Client
from ink_core.identity.principal import USER_SCOPES
from tests.acceptance.app_sessions import (
    START_S,
    Visitor,
    computed,
    embedded_with_nginx,
    launch,
    ready,
    session,
    stop,
    why_no_desktop,
    why_no_jupyter,
)
from tests.acceptance.embedded import Embedded
from tests.acceptance.waiting import until
from tests.nginx import why_no_nginx

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1800), pytest.mark.xdist_group("apps-embedded")]
CONNECTED_MS = 120_000
needs_nginx = pytest.mark.skipif(why_no_nginx() is not None, reason=str(why_no_nginx()))
needs_jupyter = pytest.mark.skipif(why_no_jupyter() is not None, reason=str(why_no_jupyter()))


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded_with_nginx(tmp_path_factory.mktemp("apps")) as (running, _):
        yield running


@pytest.fixture(scope="module")
def alice(embedded: Embedded) -> Iterator[Client]:
    signed_in = Client(httpx2.Client(base_url=embedded.url, headers=token_of(embedded, "alice"), timeout=60))
    yield signed_in
    signed_in.http.close()


def token_of(embedded: Embedded, user: str) -> dict[str, str]:
    words = [word for scope in USER_SCOPES for word in ("--scope", scope)]
    code, said = embedded.ink("token", "create", user, "--name", "apps", *words)
    assert code == 0, said
    return {"Authorization": f"Bearer {said.strip()}"}


def visitor(now: dict[str, str], embedded: Embedded, user: str = "alice") -> Visitor:
    return Visitor(now, token_of(embedded, user)["Authorization"].removeprefix("Bearer "))


@needs_jupyter
def test_jupyter_computes_through_nginx_survives_a_crash_of_the_manager_and_leaves_nothing(
    embedded: Embedded, alice: Client
) -> None:
    session_id = launch(alice, "jupyter")
    now = ready(alice, session_id)
    with visitor(now, embedded) as page:
        assert "JupyterLab" in page.http.get("lab").text
        assert computed(page, "6 * 7") == "42"
        with visitor(now, embedded, "bob") as stranger:
            assert stranger.http.get("lab").status_code == 403
        assert httpx2.get(f"http://127.0.0.1:{now['port']}{now['path']}lab").status_code == 403

        embedded.crash()
        embedded.restart()
        assert session(alice, session_id)["state"] == "ready"
        assert page.http.get("api/status").json()["kernels"] == 1

        assert stop(alice, session_id)["state"] == "ended"
        assert page.http.get("lab").status_code == 404
    folder = Path(now["folder"])
    until("the session's folder is gone", lambda: not folder.exists(), START_S)
    assert alice.get(f"/jobs/local/{now['job_id']}")["state"] == "CANCELLED"


@pytest.mark.browser
@pytest.mark.requirement("CORE-APPS-03")
@pytest.mark.skipif(why_no_desktop() is not None, reason=str(why_no_desktop()))
def test_a_desktop_is_shown_in_a_browser_and_takes_what_is_typed(
    embedded: Embedded, alice: Client, browser: Browser
) -> None:
    now = ready(alice, launch(alice, "vnc"))
    page = opened(browser, embedded, now)
    expect(page.locator("html.noVNC_connected")).to_be_attached(timeout=CONNECTED_MS)
    page.mouse.click(200, 200)  # the pointer is over the terminal, which gets the keys then
    takes_what_is_typed(page, Path(embedded.workspace("alice"), "typed"))
    page.context.close()
    stop(alice, now["session_id"])
    until("the desktop has ended", lambda: not Path(now["folder"]).exists(), START_S)


@needs_jupyter
@pytest.mark.browser
@pytest.mark.requirement("CORE-APPS-09")
def test_a_shell_on_a_node_is_shown_in_a_browser_and_takes_what_is_typed(
    embedded: Embedded, alice: Client, browser: Browser
) -> None:
    now = ready(alice, launch(alice, "enode"))
    page = opened(browser, embedded, now)
    page.locator(".xterm-screen").click(timeout=CONNECTED_MS)
    takes_what_is_typed(page, Path(embedded.workspace("alice"), "of-the-shell"))
    page.context.close()
    stop(alice, now["session_id"])


def opened(browser: Browser, embedded: Embedded, now: dict[str, str]) -> Page:
    page = browser.new_context(extra_http_headers=token_of(embedded, "alice")).new_page()
    page.goto(now["url"])
    return page


def takes_what_is_typed(page: Page, made: Path) -> None:
    def arrives() -> bool:
        page.keyboard.type(f"touch {made}\n")
        return made.exists()

    until("what is typed arrives", arrives, START_S)


@needs_nginx
@pytest.mark.requirement("CORE-APPS-06")
def test_an_existing_script_is_opened_by_the_login_file_that_it_writes(embedded: Embedded, alice: Client) -> None:
    now = ready(alice, launch(alice, "existing"))
    with visitor(now, embedded) as page:
        assert page.http.get("").text == "a page of an existing script"
        assert httpx2.get(f"http://127.0.0.1:{now['port']}/").status_code == 401
    stop(alice, now["session_id"])


@needs_nginx
def test_an_app_whose_program_is_not_there_fails_and_says_so(alice: Client) -> None:
    session_id = launch(alice, "missing")
    until("the session has failed", lambda: session(alice, session_id)["state"] == "failed", START_S)
    assert "no-such-program is not installed on the node" in session(alice, session_id)["reason"]
    assert "no-such-program is not installed on the node" in alice.get(f"/app-sessions/{session_id}/log")["text"]

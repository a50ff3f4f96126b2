"""Starts the provider of `provider.mjs`, and plays the person in front of its forms. Every wait has a deadline."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from urllib.parse import urljoin

import httpx2

from bench.running_manager import free_port

FOLDER = Path(__file__).parent
SECRET = "a secret with % and : in it, and long enough"
START_S = 60.0
MOST_STEPS = 12


def why_no_provider() -> str | None:
    """The reason why the provider cannot run here, or None."""
    if shutil.which("node") is None:
        return "the OpenID provider needs Node"
    installed = (FOLDER / "node_modules" / "oidc-provider").is_dir()
    return None if installed else "the OpenID provider is not installed (scripts/install-test-tools.sh)"


@contextmanager
def running_provider(redirect_uri: str, mode: str) -> Iterator[str]:
    """The issuer of a provider that sends browsers back to `redirect_uri`; see `provider.mjs` for the modes."""
    port = free_port()
    command = ["node", "provider.mjs", str(port), redirect_uri, mode]
    with subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        late = Timer(START_S, process.kill)
        late.start()
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n", "the provider did not start"
            late.cancel()
            yield f"http://127.0.0.1:{port}"
        finally:
            late.cancel()
            process.kill()


def sign_in_there(url: str, redirect_uri: str, login: str | None) -> str:
    """Follows the provider's pages as this person, or as one who cancels; the address that it sends the browser to."""
    with httpx2.Client(timeout=60) as browser:
        for _ in range(MOST_STEPS):
            if url.startswith(redirect_uri):
                return url
            answer = browser.get(url)
            if "location" not in answer.headers:
                answer = _filled(browser, answer.text, url, login)
            url = urljoin(url, answer.headers["location"])
    raise AssertionError(f"the provider never sent the browser back; it is at {url}")


def _filled(browser: httpx2.Client, page: str, url: str, login: str | None) -> httpx2.Response:
    if login is None:
        return browser.get(_one(r'<a href="([^"]+/abort)"', page))
    form = {"prompt": _one(r'name="prompt" value="(\w+)"', page), "login": login, "password": "any"}
    return browser.post(urljoin(url, _one(r'action="([^"]+)"', page)), data=form)


def _one(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found, f"the provider's page has no {pattern}: {page[:500]}"
    return found[1]

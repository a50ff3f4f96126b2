"""The Chromium of the browser tests, Debian's. Its headless shell is the same engine without the windows around a page,
which no test looks at, and takes less than half the processor time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
"""The better one first."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def installed() -> Path | None:
    return next((program for program in PROGRAMS if program.exists()), None)


@contextmanager
def running() -> Iterator[Browser]:
    """A browser, gone at the end. Playwright is imported here: the nodes of the development cluster have none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()

"""Screenshots of the steps, for the documentation: taken when INK_SCREENSHOTS=1, and then they replace the old ones."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "docs/screenshots"
TAKEN = os.environ.get("INK_SCREENSHOTS") == "1"


def screenshot(page: Page, name: str) -> None:
    if TAKEN:
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")

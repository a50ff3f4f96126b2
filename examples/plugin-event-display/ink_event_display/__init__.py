"""Events of a calorimeter in the browser, as a plugin of INK."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from ink_core.plugins import Page
from ink_core.plugins import Plugin as Base
from ink_event_display.routes import router


class Plugin(Base):
    def get_name(self) -> str:
        return "event-display"

    def get_routers(self) -> Sequence[APIRouter]:
        return [router]

    def get_page(self) -> Page:
        return Page("Event display", Path(__file__).parent / "page", "Showers and tracks in a calorimeter.")

"""What this plugin brings: routes, a page, and one function of the core that it replaces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from ink_core.plugins import Page, register_hook
from ink_core.plugins import Plugin as Base
from ink_plugin_template.hooks import SUBMISSION, job_arguments
from ink_plugin_template.routes import router


class Plugin(Base):
    def get_name(self) -> str:
        return "template"

    def register_hooks(self) -> None:
        register_hook(SUBMISSION)(job_arguments)

    def get_routers(self) -> Sequence[APIRouter]:
        return [router]

    def get_page(self) -> Page:
        return Page("Plugin template", Path(__file__).parent / "page", "Where a plugin of your own begins.")

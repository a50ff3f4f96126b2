"""What a plugin looks like: a class named `Plugin` in its package; all its methods but the name have a default.

The class need not inherit from this one: what counts are the methods, and one that is not there does nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI


@dataclass(frozen=True)
class Page:
    """A page of the plugin, served at /plugins/NAME/ and linked in the portal.

    `folder` holds its `index.html` with all that it needs: nothing of another site is loaded, no script or style stands
    in the HTML itself, and no HTML is made of text by a script (`textContent`, not `innerHTML`).
    """

    title: str
    folder: Path
    description: str = ""


class Plugin:
    """Base with defaults. All of it is called once, at the start, off the event loop and within a time limit."""

    def get_name(self) -> str:
        """Its name in addresses: letters, digits, `-`, `_` and `.`, at most 64."""
        raise NotImplementedError

    def get_version(self) -> str:
        """By default that of the installed distribution."""
        return ""

    def initialize(self) -> Awaitable[None] | None:
        """Called first. May be a coroutine function: that runs on the application's event loop."""

    def register_hooks(self) -> None:
        """Where it calls `register_hook`; at the import of its modules it may as well."""

    def get_routers(self) -> Sequence[APIRouter]:
        """Routers that are mounted as they are, each route for signed-in users only, whatever it says itself."""
        return ()

    def register_routers(self, app: FastAPI) -> None:
        """The other way to say the same: includes its routers in `app`, which is no more than a collector of them."""

    def get_page(self) -> Page | None:
        return None

"""A plugin that does all that one may: routes of both ways, a hook, a change through the gate, and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, WebSocket

from ink_core.api.core import CoreParts
from ink_core.api.security import PUBLIC, requires
from ink_core.identity.principal import Principal, Scope
from ink_core.plugins import Page, register_hook

router = APIRouter(prefix="/api/v1/lecture")
other = APIRouter()
SignedIn = Annotated[Principal, requires()]


@router.get("/without-policy")
async def without_policy() -> str:
    return "seen"


@router.get("/said-to-be-public", dependencies=[PUBLIC])
async def said_to_be_public() -> str:
    return "seen"


@router.get("/for-administrators")
async def for_administrators(principal: Annotated[Principal, requires(Scope.ADMIN)]) -> str:
    return principal.username


@router.post("/notes")
async def make_note(principal: SignedIn, core: CoreParts, name: str) -> Any:
    return await core.actions.call(principal, "make_directory", {"path": name})


@other.websocket("/lecture/live")
async def live(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("seen")
    await socket.close()


class Plugin:
    """Without the base class, as INK's own plugins are."""

    def get_name(self) -> str:
        return "lecture"

    def get_version(self) -> str:
        return "1.2"

    async def initialize(self) -> None:
        """Asynchronous, as one may be that opens connections."""

    def register_hooks(self) -> None:
        @register_hook("manager.accounts.os_home")
        def home(user: str) -> str:
            return f"/lecture/{user}"

    def get_routers(self) -> Sequence[APIRouter]:
        return [router]

    def register_routers(self, app: FastAPI) -> None:
        app.include_router(other)

    def get_page(self) -> Page:
        return Page("Lecture", Path(__file__).parent / "page", "What was said")

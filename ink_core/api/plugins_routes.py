"""Plugins over REST: their states for administrators, and the pages that they bring for everybody who is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from ink_core.api.core import Core, CoreParts
from ink_core.api.headers import page_policy
from ink_core.api.security import authenticate, requires
from ink_core.api.static_files import static_file
from ink_core.errors import NotFound, Unauthenticated
from ink_core.identity.principal import Principal, Scope
from ink_core.plugins import Page
from ink_core.plugins.running import PluginState

router = APIRouter(tags=["plugins"])
_PAGE_HEADERS: Mapping[str, str] = {"Content-Security-Policy": page_policy(), "Cache-Control": "no-cache"}
_DATA_HEADERS: Mapping[str, str] = {"Cache-Control": "no-cache"}


class PluginView(BaseModel):
    """`package` is what the settings name; the rest is known of one that runs. A failed one tells the reason."""

    package: str
    state: str
    reason: str
    name: str
    version: str
    routes: list[str]
    hooks: list[str]
    page: str | None


class PluginPage(BaseModel):
    plugin: str
    title: str
    description: str
    url: str


async def _reader(connection: HTTPConnection) -> Principal:
    """As `authenticate`; a browser that is not signed in is led to where one signs in."""
    try:
        return await authenticate(connection)
    except Unauthenticated:
        if "text/html" in connection.headers.get("accept", ""):
            raise HTTPException(303, "sign in first", {"Location": "/", "Cache-Control": "no-store"}) from None
        raise


Reader = Annotated[Principal, requires(who=_reader)]


@router.get("/api/v1/plugins")
async def list_plugins(principal: Annotated[Principal, requires(Scope.ADMIN)], core: CoreParts) -> list[PluginView]:
    """All that the settings name, in their order, with what each brings or why it is left out."""
    return [_view(state) for state in core.plugins.states()]


@router.get("/api/v1/plugins/pages")
async def list_plugin_pages(principal: Annotated[Principal, requires()], core: CoreParts) -> list[PluginPage]:
    """The pages that plugins bring."""
    return [
        PluginPage(plugin=each.name, title=each.page.title, description=each.page.description, url=_url(each))
        for each in core.plugins.states()
        if each.page
    ]


@router.get("/plugins/{name}", include_in_schema=False)
async def open_page(principal: Reader, core: CoreParts, name: str) -> Response:
    _page(core, name)
    return RedirectResponse(f"/plugins/{name}/", 307)


@router.get("/plugins/{name}/{path:path}", include_in_schema=False)
async def page_file(principal: Reader, core: CoreParts, name: str, path: str) -> Response:
    """A file of the plugin's page; of HTML, scripts and styles run that are its own."""
    file = path or "index.html"
    return static_file(_page(core, name).folder, file, _PAGE_HEADERS if file.endswith(".html") else _DATA_HEADERS)


def _page(core: Core, name: str) -> Page:
    page = core.plugins.page_of(name)
    if page is None:
        raise NotFound(f"no plugin {name!r} has a page here")
    return page


def _view(state: PluginState) -> PluginView:
    return PluginView(
        package=state.package,
        state=state.state,
        reason=state.reason,
        name=state.name,
        version=state.version,
        routes=list(state.routes),
        hooks=list(state.hooks),
        page=_url(state) if state.page else None,
    )


def _url(state: PluginState) -> str:
    return f"/plugins/{state.name}/"

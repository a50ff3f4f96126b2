"""Mounts the routes of a plugin behind the core's authentication, and never in the place of a core's route.

Every route is for signed-in users, with INK's headers or a bearer token or the page's cookie; a policy of its own can
only ask for more. Routes keep their paths, which begin with a word and may not be one that the application answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope

from ink_core.api.ink_credentials import ink_requires
from ink_core.plugins.loading import PluginFailed

_PARAMETER = re.compile(r"\{[^}]*\}")
_FIRST_WORD = re.compile(r"/[A-Za-z0-9_-]+(/|$)")
_PAGE_FILES = "/assets/"
_ANY = "1"
"""What stands for a parameter when a path is tried: text, and a number as well."""


def mount(app: FastAPI, router: APIRouter) -> Sequence[str]:
    """Adds all routes, or none; returns them as `GET /path`. Raises `PluginFailed`."""
    found = list(iter_route_contexts(router.routes))
    shown = [f"{method} {path}" for route in found for method, path in _calls(app, route)]
    app.include_router(router, dependencies=[ink_requires()], include_in_schema=False)
    return shown


def _calls(app: FastAPI, route: RouteContext) -> Iterator[tuple[str, str]]:
    """The methods and path of one route; those of a WebSocket are `WS`."""
    path = route.path or ""
    if getattr(route, "dependant", None) is None:
        raise PluginFailed(f"{path}: only routes of an APIRouter are mounted, since only these carry a policy")
    if not _FIRST_WORD.match(path) or path.startswith(_PAGE_FILES):
        raise PluginFailed(f"{path}: a path begins with a word of its own, such as /api/v1/NAME or /NAME")
    for method in sorted(route.methods or {"WS"}):
        if taken := _taken(app, path, method):
            raise PluginFailed(f"{method} {path}: {taken} is there already")
        yield method, path


def _taken(app: FastAPI, path: str, method: str) -> str | None:
    """The path of the application's route that answers there already, if only to say that it knows no such method."""
    tried = _PARAMETER.sub(_ANY, path)
    scope: Scope = {"type": "http", "method": method, "path": tried, "root_path": "", "headers": []}
    if method == "WS":
        scope["type"] = "websocket"
    for route in app.router.routes:
        if route.matches(dict(scope))[0] is not Match.NONE:
            return str(getattr(route, "path", "") or tried)
    return None

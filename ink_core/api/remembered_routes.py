"""Finds the route of a request by what was found for its path before, rather than by trying one after the other.

The framework tries each of some hundred routes, which took more than half of a short answer's time. Which route matches
first depends on nothing but the kind of request, its method and its path. What guards a route is part of it, and is
asked at every request.

Limits: the routes are those of the start; bounded, and forgotten as a whole when there are too many paths.
"""

from __future__ import annotations

from copy import copy

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

MOST = 4096
LONGEST = 512
"""Characters of a path that is remembered: whoever asks chooses it, and together they stay below some megabytes."""


def remember_routes(app: FastAPI) -> None:
    """Once all routes are there."""
    app.router.middleware_stack = RememberedRoutes(app.router)


class RememberedRoutes:
    """ASGI in place of a router's own search."""

    def __init__(self, router: APIRouter, most: int = MOST) -> None:
        self._router = router
        self._most = most
        self._only = {id(route): _with_only(router, route) for route in router.routes}
        self._found: dict[tuple[str, str, str, str], ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._router.app(scope, receive, send)
            return
        key = (scope["type"], scope.get("method", ""), scope.get("root_path", ""), scope["path"])
        found = self._found.get(key) or self._look(key, scope)
        scope["router"] = self._router
        await found(scope, receive, send)

    def _look(self, key: tuple[str, str, str, str], scope: Scope) -> ASGIApp:
        route = next((route for route in self._router.routes if route.matches(scope)[0] is Match.FULL), None)
        if route is None or id(route) not in self._only or len(scope["path"]) > LONGEST:
            return self._router.app
        if len(self._found) >= self._most:
            self._found.clear()
        return self._found.setdefault(key, self._only[id(route)])


def _with_only(router: APIRouter, route: BaseRoute) -> ASGIApp:
    """The same router, which knows one route: how it is taken stays the framework's own."""
    only = copy(router)
    only.routes = [route]
    return only.app

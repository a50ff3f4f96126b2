"""A route for what is called most: declared as any other, with the same policy, and answered on the short way.

It serves endpoints that take one JSON body and what they find by the connection alone, and that answer a model. What is
not plainly that (another content type, a body that does not fit, an optional header that few send) goes the framework's
way. So does whatever goes wrong, which is raised again at the end of that way: what is wrong is said there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, get_type_hints

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ink_core.api.bodies import LATE_S, again, whole
from ink_core.api.body_limit import MAX_BODY_BYTES, declared_bytes
from ink_core.api.by_connection import ByConnection, takes_more
from ink_core.api.security import forget_proof

JSON = "application/json"
_RAISED = "ink.raised"
"""Key in the scope of a request: what the short way ended in."""

NowS = Callable[[], float]


class DirectRoute(APIRoute):
    """`POST path`. Raises `TypeError` for an endpoint that needs more than a body and the connection.

    What depends on optional headers keeps its default where the request has none of them.
    """

    def __init__(self, path: str, endpoint: Callable[..., Awaitable[Any]], *tags: str) -> None:
        super().__init__(path, endpoint, methods=["POST"], tags=list(tags), operation_id=endpoint.__name__)
        declared = self.dependant
        optional = {str(each.name): _optional_headers(each) for each in declared.dependencies}
        if len(declared.body_params) != 1 or takes_more(declared):
            raise TypeError(f"the endpoint of {path} takes one body, and else what is found by the connection alone")
        self._found = ByConnection(path, (each for each in declared.dependencies if not optional[str(each.name)]))
        hints = get_type_hints(endpoint)
        self._seldom = frozenset[str]().union(*optional.values())
        self._body = declared.body_params[0].name
        self._asked = TypeAdapter[Any](hints[self._body])
        self._answered = TypeAdapter[Any](hints["return"])

    async def answer(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        framework: ASGIApp,
        most_bytes: int = MAX_BODY_BYTES,
        now_s: NowS = time.monotonic,
    ) -> None:
        """Of a POST. Nothing of its body is read before its policy was asked, and no more than the framework takes."""
        request, body, began = Request(scope), None, now_s()
        try:
            found = await self._found.find(request)  # while the body is on its way
            body = await whole(receive, most_bytes)
            if body is None:
                return
            if now_s() - began > LATE_S:
                forget_proof(request)
                found = await self._found.find(request)
            asked = self._read(request, body) if len(body) <= most_bytes else None
            answer = None if asked is None else await self._answer(asked, found)
        except Exception as error:
            scope[_RAISED] = error
            answer = None
        if answer is None:
            await framework(scope, receive if body is None else again(body, receive), send)
        else:
            await Response(answer, media_type=JSON)(scope, receive, send)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _RAISED in scope:
            raise scope[_RAISED]
        await super().handle(scope, receive, send)

    async def _answer(self, asked: Any, found: Mapping[str, Any]) -> bytes:
        return self._answered.dump_json(await self.endpoint(**{self._body: asked}, **found))

    def _read(self, request: Request, body: bytes) -> Any:
        """What was asked; None where that is not plain."""
        if request.headers.get("content-type") != JSON or not self._seldom.isdisjoint(request.headers.keys()):
            return None
        try:
            return self._asked.validate_python(json.loads(body))
        except (ValidationError, ValueError, RecursionError):
            return None


class ShortWay:
    """Middleware around all others: requests for these routes go to them at once where that is the short way."""

    def __init__(
        self,
        app: ASGIApp,
        routes: Sequence[DirectRoute],
        most_bytes: int = MAX_BODY_BYTES,
        now_s: NowS = time.monotonic,
    ) -> None:
        self._app = app
        self._routes = {route.path: route for route in routes}
        self._most_bytes = most_bytes
        self._now_s = now_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if route is None or declared_bytes(scope) > self._most_bytes:
            await self._app(scope, receive, send)
        else:
            await route.answer(scope, receive, send, self._app, self._most_bytes, self._now_s)


def _optional_headers(declared: Dependant) -> frozenset[str]:
    """The headers that a dependency takes, where it takes nothing else of the request and needs none of them."""
    others = (declared.path_params, declared.query_params, declared.cookie_params, declared.dependencies)
    if any(others) or any(header.field_info.is_required() for header in declared.header_params):
        return frozenset()
    return frozenset(header.alias.lower() for header in declared.header_params)

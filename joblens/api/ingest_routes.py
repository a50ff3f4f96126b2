"""What collectors on nodes send: batches, kept whole or not at all, and each once."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ink_core.api.bodies import LATE_S, again, whole
from ink_core.api.by_connection import ByConnection
from ink_core.api.core import CoreParts
from ink_core.api.security import forget_proof
from ink_core.errors import InkError
from joblens.api.parts import LensParts, Node
from joblens.captures.order import CAPTURES_HEADER, which
from joblens.store.wire import MAX_BODY_BYTES, MEDIA_TYPE, TOGETHER_HEADER

BATCHES = "/api/v1/joblens/batches"


class BodyTooLarge(InkError):
    """More batches at once than are taken; send them in several requests."""

    code = "body_too_large"
    http_status = 413


class Taken(BaseModel):
    """`batches` are on disk, those among them that had been sent before too."""

    batches: int


async def take_batches(node: Node, core: CoreParts, lens: LensParts, request: Request) -> Response:
    """Durable when it answers. Sent again, a batch that was kept is left out. A token is for its own hosts alone.
    `JobLens-Captures` changes when captures that may concern them begin or end; `JobLens-Together` says how many
    batches are to be sent together from now on."""
    hosts = await lens.node_hosts.of(core.identity, node)
    taken = await lens.take(await _bounded(request), hosts)
    captures = await lens.active_captures(*{batch.host for batch in taken})
    headers = {CAPTURES_HEADER: which(captures), TOGETHER_HEADER: str(lens.together())}
    return Response(Taken(batches=len(taken)).model_dump_json(), headers=headers, media_type="application/json")


async def _bounded(request: Request) -> bytes:
    """Raises `BodyTooLarge`."""
    body = await request.body()
    if len(body) > MAX_BODY_BYTES:
        raise BodyTooLarge(f"a body of batches has at most {MAX_BODY_BYTES} bytes")
    return body


class ShortRoute(APIRoute):
    """Declared as any other, with its policy, and taken on the short way: of what nodes send, the framework's own way
    was a tenth. For an endpoint that takes the request and what is found by the connection alone. It begins when the
    body is whole, or longer than is taken; after a late one the policy is asked again."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Awaitable[Response]],
        now_s: Callable[[], float] = time.monotonic,
        **declared: Any,
    ) -> None:
        super().__init__(path, endpoint, methods=["POST"], operation_id=endpoint.__name__, **declared)
        self._found = ByConnection(path, self.dependant.dependencies)
        self._now_s = now_s

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await super().handle(scope, receive, send)
            return
        connection, began = Request(scope), self._now_s()
        found = await self._found.find(connection)  # while the body is on its way
        body = await whole(receive, MAX_BODY_BYTES)
        if body is None:
            return
        if self._now_s() - began > LATE_S:
            forget_proof(connection)
            found = await self._found.find(connection)
        answer: Response = await self.endpoint(request=Request(scope, again(body, receive)), **found)
        await answer(scope, receive, send)


take_batches_route = ShortRoute(
    BATCHES, take_batches, tags=["joblens"], response_model=Taken, openapi_extra={"x-media-type": MEDIA_TYPE}
)

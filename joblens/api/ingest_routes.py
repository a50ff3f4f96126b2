"""What collectors on nodes send: batches, kept whole or not at all, and each once."""

from __future__ import annotations

from fastapi import Request, Response
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.errors import InkError
from joblens.api.parts import LensParts, Node
from joblens.captures.order import CAPTURES_HEADER, which
from joblens.store.wire import MAX_BODY_BYTES, MEDIA_TYPE

router = Area(prefix="/api/v1/joblens", tags=["joblens"])
BATCHES = "/api/v1/joblens/batches"


class BodyTooLarge(InkError):
    """More batches at once than are taken; send them in several requests."""

    code = "body_too_large"
    http_status = 413


class Taken(BaseModel):
    """`batches` are on disk, those among them that had been sent before too."""

    batches: int


@router.post("/batches", openapi_extra={"x-media-type": MEDIA_TYPE})
async def take_batches(node: Node, core: CoreParts, lens: LensParts, request: Request, response: Response) -> Taken:
    """Durable when it answers. Sent again, a batch that was kept is left out. A token is for its own hosts alone.
    `JobLens-Captures` changes when captures that may concern them begin or end."""
    hosts = await lens.node_hosts.of(core.identity, node)
    taken = await lens.take(await _bounded(request), hosts)
    captures = await lens.active_captures(*{batch.host for batch in taken})
    response.headers[CAPTURES_HEADER] = which(captures)
    return Taken(batches=len(taken))


async def _bounded(request: Request) -> bytes:
    """Raises `BodyTooLarge` as soon as it is."""
    taken = bytearray()
    async for piece in request.stream():
        taken += piece
        if len(taken) > MAX_BODY_BYTES:
            raise BodyTooLarge(f"a body of batches has at most {MAX_BODY_BYTES} bytes")
    return bytes(taken)

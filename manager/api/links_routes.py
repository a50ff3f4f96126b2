"""Files by signed link: whoever holds the link may read that one file of its owner until it expires.

The file is read by the owner's own access-point agent, piece by piece, so the kernel decides what may be read.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from ink_core.agents import AccessPoint, UserAgents
from ink_core.api.security import PUBLIC
from ink_core.storage.links import LinkClaims, LinkInvalid
from manager.api.platform import Parts
from worker_agent.protocol import MAX_READ_BYTES, FileContent

router = APIRouter(tags=["files"])
DEADLINE_S = 30.0


@router.get("/links/{token}", dependencies=[PUBLIC])
async def download_by_link(token: str, platform: Parts) -> StreamingResponse:
    """Raises `LinkInvalid` or `LinkExpired`; a file that is gone or unreadable is an error before the first byte."""
    claims = platform.links.verify(token)
    if not await platform.identity.is_active(claims.owner):
        raise LinkInvalid("the maker of this link has no account any more")
    first = await _read(platform.agents, claims, 0)
    name = quote(PurePosixPath(claims.path).name)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Length": str(first.size),
        "Cache-Control": "no-store",
    }
    pieces = _pieces(platform.agents, claims, first)
    return StreamingResponse(pieces, media_type="application/octet-stream", headers=headers)


async def _pieces(agents: UserAgents, claims: LinkClaims, first: FileContent) -> AsyncIterator[bytes]:
    piece = first
    while True:
        data = base64.b64decode(piece.content)
        yield data
        if piece.eof or not data:
            return
        piece = await _read(agents, claims, piece.offset + len(data))


async def _read(agents: UserAgents, claims: LinkClaims, offset: int) -> FileContent:
    answer = await agents.call(
        AccessPoint(claims.owner),
        "files.read",
        {"path": claims.path, "offset": offset, "length": MAX_READ_BYTES},
        operation_id=f"link-{secrets.token_hex(8)}",
        deadline_s=DEADLINE_S,
    )
    return FileContent.model_validate(answer)

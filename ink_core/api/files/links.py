"""Files by signed link: whoever holds the link may read that one file of its owner until it expires."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from ink_core.api.core import CoreParts
from ink_core.api.files.content import answer_content
from ink_core.api.security import PUBLIC
from ink_core.storage.links import LinkInvalid
from ink_core.storage.user_files import UserFiles

router = APIRouter()


@router.get("/links/{token}", dependencies=[PUBLIC], response_class=StreamingResponse)
async def download_by_link(request: Request, core: CoreParts, token: str) -> Response:
    """Raises `LinkInvalid` or `LinkExpired`; a file that is gone or unreadable is an error before the first byte."""
    claims = core.links.verify(token)
    if not await core.identity.is_active(claims.owner):
        raise LinkInvalid("the maker of this link has no account any more")
    place = core.public_downloads.one(claims.owner)
    answer = await answer_content(request, claims.owner, UserFiles(core.agents), claims.path, place)
    answer.headers["Cache-Control"] = "no-store"
    return answer

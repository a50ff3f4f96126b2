"""Shares of one's own files, and what others share; the file itself comes by the share's link.

Limits: who read a share is not recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import StreamingResponse
from pydantic import Field

from ink_core.api.core import Core, CoreParts
from ink_core.api.files.content import answer_content
from ink_core.api.files.parts import Body, Path, Reader, Writer, change
from ink_core.api.security import PUBLIC, authenticate
from ink_core.errors import Forbidden, NotFound
from ink_core.identity.principal import Scope
from ink_core.storage.shares import ReaderKind, Share, ShareNotFound
from ink_core.storage.user_files import UserFiles

router = APIRouter()
DAY_S = 86_400
ShareId = Annotated[str, PathParameter(pattern="^[0-9a-f]{32}$")]


class NewShare(Body):
    """`reader` names the user or the group; a public share has none."""

    path: Path
    reader_kind: ReaderKind
    reader: str | None = Field(default=None, max_length=64)
    lifetime_s: int = Field(default=7 * DAY_S, ge=60, le=366 * DAY_S)


class ShareRow(Body):
    share_id: str
    owner: str
    path: str
    reader_kind: ReaderKind
    reader: str | None
    created_at: datetime
    expires_at: datetime
    url: str


@router.get("/api/v1/shares")
async def list_shares(principal: Reader, core: CoreParts) -> Sequence[ShareRow]:
    """One's own that still count, newest first."""
    return [_row(core, share) for share in core.shares.all() if share.owner == principal.username]


@router.get("/api/v1/shares/received")
async def list_received_shares(principal: Reader, core: CoreParts) -> Sequence[ShareRow]:
    """Of others, that name the caller or a group of the caller."""
    named = [share for share in core.shares.all() if share.owner != principal.username]
    groups = {share.reader for share in named if share.reader_kind is ReaderKind.GROUP and share.reader}
    own = {group for group in groups if await _is_member(core, principal.username, group)}
    return [_row(core, share) for share in named if share.names(principal.username, own)]


@router.post("/api/v1/shares", status_code=201)
async def create_share(principal: Writer, core: CoreParts, body: NewShare) -> ShareRow:
    """Let somebody read one file."""
    made = await change(core, principal, "create_share", body.model_dump(mode="json"))
    assert isinstance(made, dict)
    return _row(core, core.shares.get(str(made["share_id"])))


@router.delete("/api/v1/shares/{share_id}", status_code=204)
async def revoke_share(principal: Writer, core: CoreParts, share_id: ShareId) -> None:
    """Its link serves nothing from now on."""
    await change(core, principal, "revoke_share", {"share_id": share_id})


@router.get("/shares/{token}", dependencies=[PUBLIC], response_class=StreamingResponse)
async def download_share(request: Request, core: CoreParts, token: str) -> Response:
    """The file, as its owner's agent reads it: for all where the share is public, else for who is named."""
    found = core.shares.get(core.share_links.share_id(token))
    if not await core.identity.is_active(found.owner):
        raise ShareNotFound("there is no such share for you; ask its maker")
    await _check_reader(request, core, found)
    return await answer_content(request, found.owner, UserFiles(core.agents), found.path)


async def _check_reader(request: Request, core: Core, found: Share) -> None:
    if found.reader_kind is ReaderKind.PUBLIC:
        return
    principal = await authenticate(request)
    if Scope.FILES_READ not in principal.scopes:
        raise Forbidden(f"this needs the scope {Scope.FILES_READ.value}, which your credential does not have")
    member = found.reader is not None and await _is_member(core, principal.username, found.reader)
    groups = [found.reader] if member and found.reader else []
    if principal.username != found.owner and not found.names(principal.username, groups):
        raise ShareNotFound("there is no such share for you; ask its maker")


async def _is_member(core: Core, username: str, group: str) -> bool:
    """Nobody is one of a group that is not there."""
    try:
        return username in await core.identity.groups.members(group)
    except NotFound:
        return False


def _row(core: Core, found: Share) -> ShareRow:
    return ShareRow(**found.model_dump(), url=core.share_links.url(found.share_id))

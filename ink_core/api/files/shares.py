"""Shares of one's own files, and what others share; the file itself comes by the share's link.

A share is of the account that made it and names the account or group that there was: one that was made later under the
same name inherits nothing, neither as owner nor as reader.

Limits: who read a share is not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import StreamingResponse
from pydantic import Field

from ink_core.api.core import Core, CoreParts
from ink_core.api.files.content import answer_content
from ink_core.api.files.parts import Body, Path, Reader, Writer, change
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import PUBLIC, authenticate
from ink_core.errors import Forbidden
from ink_core.identity.principal import Scope
from ink_core.storage.shares import READER_NAME, ReaderKind, Share, ShareNotFound
from ink_core.storage.user_files import UserFiles

router = APIRouter()
DAY_S = 86_400
ShareId = Annotated[str, PathParameter(pattern="^[0-9a-f]{32}$")]


class NewShare(Body):
    """`reader` names the user or the group; a public share has none."""

    path: Path
    reader_kind: ReaderKind
    reader: str | None = Field(default=None, pattern=READER_NAME)
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
    mine = [share for share in core.shares.all() if share.owner == principal.username]
    since = (await core.identity.user(principal.username)).created_at
    return [_row(core, share) for share in mine if since <= share.created_at]


@router.get("/api/v1/shares/received")
async def list_received_shares(principal: Reader, core: CoreParts) -> Sequence[ShareRow]:
    """Of others, that name the caller or a group of the caller."""
    others = [share for share in core.shares.all() if share.owner != principal.username]
    since = await _named_since(core, principal.username)
    named = [share for share in others if share.names(since)]
    return [_row(core, share) for share in named if await _owner_counts(core, share)]


@router.post("/api/v1/shares", status_code=201)
async def create_share(principal: Writer, core: CoreParts, body: NewShare, key: IdempotencyKey = None) -> ShareRow:
    """Let somebody read one file. Who is named must be there: a share counts for no later account or group."""

    async def reader_is_there() -> None:
        if body.reader_kind is ReaderKind.USER and body.reader:
            await core.identity.user(body.reader)
        if body.reader_kind is ReaderKind.GROUP and body.reader:
            await core.identity.groups.get(body.reader)

    asked = body.model_dump(mode="json")
    made = await change(core, principal, "create_share", asked, key=key, only_if=reader_is_there)
    assert isinstance(made, dict)
    return _row(core, core.shares.get(str(made["share_id"])))


@router.delete("/api/v1/shares/{share_id}", status_code=204)
async def revoke_share(principal: Writer, core: CoreParts, share_id: ShareId, key: IdempotencyKey = None) -> None:
    """Its link serves nothing from now on."""
    await change(core, principal, "revoke_share", {"share_id": share_id}, key=key)


@router.get("/shares/{token}", dependencies=[PUBLIC], response_class=StreamingResponse)
async def download_share(request: Request, core: CoreParts, token: str) -> Response:
    """The file, as its owner's agent reads it: for all where the share is public, else for who is named.

    `token` without a signature is no link; with it the owner reads the file, signed in.
    """
    signed = "." in token
    found = core.shares.get(core.share_links.share_id(token) if signed else token)
    if not await _owner_counts(core, found):
        raise _not_for_you()
    if signed and found.reader_kind is ReaderKind.PUBLIC:
        place = core.public_downloads.one(found.owner)
    else:
        place = core.downloads.one(await _reader(request, core, found, signed=signed))
    answer = await answer_content(request, found.owner, UserFiles(core.agents), found.path, place)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _reader(request: Request, core: Core, found: Share, *, signed: bool) -> str:
    """Who reads the share, and may do so."""
    principal = await authenticate(request)
    if Scope.FILES_READ not in principal.scopes:
        raise Forbidden(f"this needs the scope {Scope.FILES_READ.value}, which your credential does not have")
    named = signed and found.names(await _named_since(core, principal.username))
    if principal.username != found.owner and not named:
        raise _not_for_you()
    return principal.username


async def _owner_counts(core: Core, found: Share) -> bool:
    """Whether the account that made the share is still there, and active."""
    if not await core.identity.is_active(found.owner):
        return False
    return (await core.identity.user(found.owner)).created_at <= found.created_at


async def _named_since(core: Core, username: str) -> Mapping[tuple[ReaderKind, str], datetime]:
    """By what a share can name this user, and since when that has been the same account or group."""
    user = await core.identity.user(username)
    groups = [await core.identity.groups.get(name) for name in user.groups]
    return {
        (ReaderKind.USER, username): user.created_at,
        **{(ReaderKind.GROUP, group.name): group.created_at for group in groups},
    }


def _not_for_you() -> ShareNotFound:
    return ShareNotFound("there is no such share for you; ask its maker")


def _row(core: Core, found: Share) -> ShareRow:
    return ShareRow(**found.model_dump(), url=core.share_links.url(found.share_id))

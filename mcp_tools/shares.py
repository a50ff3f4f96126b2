"""Sharing one of one's own files with a user, a group or whoever has the link, and ending that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from pydantic import Field, model_validator

from ink_core.agents import AccessPoint
from ink_core.errors import BadInput, InkError
from ink_core.identity.principal import Scope
from ink_core.storage.shares import READER_NAME, ReaderKind, Share, ShareNotFound
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import preview_of
from mcp_tools.operation_ids import id_of
from mcp_tools.result_labels import of_home
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import from_home
from worker_agent.protocol import FileKind, FileRow

DAY_S = 86_400
LABEL = Label(Confidentiality.USER, Integrity.TRUSTED)


class ShareFile(ToolValue):
    """`reader` names the user or the group; a public share has none."""

    path: str = Field(min_length=1, max_length=4000, description="A file of yours at the access point.")
    reader_kind: ReaderKind
    reader: str | None = Field(default=None, pattern=READER_NAME)
    lifetime_s: int = Field(default=7 * DAY_S, ge=60, le=366 * DAY_S)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.reader is None) != (self.reader_kind is ReaderKind.PUBLIC):
            raise ValueError("name the user or group who may read, and nobody for a public share")
        return self


class Shared(ToolValue):
    share_id: str
    path: str
    reader_kind: ReaderKind
    reader: str | None
    expires_at: datetime


class RevokeShare(ToolValue):
    share_id: str = Field(pattern="^[0-9a-f]{32}$")


async def add_share(
    context: ToolContext, path: str, reader_kind: ReaderKind, reader: str | None, lifetime_s: int
) -> Share:
    """A share of one file at the access point, under the id of this operation."""
    answer = await context.services.agents.call(
        AccessPoint(context.acting_as),
        "files.status",
        {"path": from_home(path)},
        operation_id=context.operation_id,
        deadline_s=context.deadline_s - 5,
    )
    row = FileRow.model_validate(answer)
    if row.kind is not FileKind.FILE:
        raise BadInput(f"{path} is a {row.kind.value}, not a file; archive it first")
    now = context.services.clock.now()
    share = Share(
        share_id=id_of(context.operation_id),
        owner=context.acting_as,
        path=row.path,
        reader_kind=reader_kind,
        reader=reader,
        created_at=now,
        expires_at=now + timedelta(seconds=lifetime_s),
    )
    return await context.services.shares.add(share)


def find_share(context: ToolContext) -> Share | None:
    """What this operation has made already."""
    try:
        return context.services.shares.get(id_of(context.operation_id))
    except ShareNotFound:
        return None


async def _share(context: ToolContext, asked: ShareFile) -> Shared:
    return _told(await add_share(context, asked.path, asked.reader_kind, asked.reader, asked.lifetime_s))


async def _find_shared(context: ToolContext, asked: ShareFile) -> Shared | None:
    share = find_share(context)
    return None if share is None else _told(share)


async def _preview_share(context: ToolContext, asked: ShareFile) -> Preview:
    who = "whoever has the link" if asked.reader is None else f"the {asked.reader_kind.value} {asked.reader}"
    preview = preview_of(context, f"Let {who} read {asked.path} for {asked.lifetime_s / DAY_S:.1f} days", asked.path)
    return preview.model_copy(update={"undo": "revoke_share ends it"})


async def _revoke(context: ToolContext, asked: RevokeShare) -> Shared:
    return _told(await context.services.shares.revoke(context.acting_as, asked.share_id))


async def _find_revoked(context: ToolContext, asked: RevokeShare) -> Shared | None:
    """None while the share still counts. Raises where nobody can tell any more what it was."""
    try:
        context.services.shares.get(asked.share_id)
    except ShareNotFound as error:
        raise RevokedBefore("the share does not count any more") from error
    return None


class RevokedBefore(InkError):
    code = "share_not_found"
    http_status = 404


def _told(share: Share) -> Shared:
    return Shared(
        share_id=share.share_id,
        path=share.path,
        reader_kind=share.reader_kind,
        reader=share.reader,
        expires_at=share.expires_at,
    )


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        name="create_share",
        title="Share a file",
        description="Let a user, a group or whoever has the link read a file of yours until it expires or is revoked.",
        input=ShareFile,
        output=Shared,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.FILES_READ, Scope.FILES_WRITE}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=False,
        for_models=False,
        timeout_s=40,
        label=LABEL,
        confidentiality_of=of_home,
        run=_share,
        preview=_preview_share,
        reconcile=_find_shared,
    ),
    ToolSpec(
        name="revoke_share",
        title="Revoke a share",
        description="End a share of yours at once.",
        input=RevokeShare,
        output=Shared,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.FILES_WRITE}),
        runs_on=RunsOn.CORE,
        idempotent=False,
        for_models=False,
        timeout_s=30,
        label=LABEL,
        run=_revoke,
        reconcile=_find_revoked,
    ),
)

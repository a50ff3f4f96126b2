"""Download links: expiring, revocable, readable by whoever has them.

A link is a public share. Whoever has the link itself can read the file, so it is in no result and no record: a result
has the address that opens for its maker alone.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from ink_core.identity.principal import Scope
from ink_core.storage.shares import ReaderKind, Share
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import preview_of
from mcp_tools.result_labels import of_home
from mcp_tools.shares import DAY_S, LABEL, add_share, find_share
from mcp_tools.spec import Preview, Risk, RunsOn, ToolSpec, ToolValue


class CreateDownloadLink(ToolValue):
    path: str = Field(min_length=1, max_length=4000, description="A file of yours at the access point.")
    lifetime_s: int = Field(default=DAY_S, ge=60, le=7 * DAY_S)


class DownloadLink(ToolValue):
    """`url` opens for its maker, signed in. The link for others is told by the page and by `GET /api/v1/shares`."""

    share_id: str
    path: str
    url: str
    expires_at: datetime


async def _create(context: ToolContext, asked: CreateDownloadLink) -> DownloadLink:
    share = await add_share(context, asked.path, ReaderKind.PUBLIC, None, asked.lifetime_s)
    return _told(context, share)


async def _find_created(context: ToolContext, asked: CreateDownloadLink) -> DownloadLink | None:
    share = find_share(context)
    return None if share is None else _told(context, share)


async def _preview(context: ToolContext, asked: CreateDownloadLink) -> Preview:
    summary = f"Let whoever has the link read {asked.path} for {asked.lifetime_s / 3600:.1f} h"
    preview = preview_of(context, summary, asked.path)
    return preview.model_copy(update={"undo": "revoke_share ends it"})


def _told(context: ToolContext, share: Share) -> DownloadLink:
    url = context.services.links.address(share.share_id)
    return DownloadLink(share_id=share.share_id, path=share.path, url=url, expires_at=share.expires_at)


TOOLS = (
    ToolSpec(
        name="create_download_link",
        title="Create a download link",
        description="A link by which whoever has it reads one of your files until it expires. The result has the "
        "address for you; the page of your shares has the link to hand on.",
        input=CreateDownloadLink,
        output=DownloadLink,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.FILES_READ}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=False,
        timeout_s=40,
        label=LABEL,
        confidentiality_of=of_home,
        run=_create,
        preview=_preview,
        reconcile=_find_created,
    ),
)

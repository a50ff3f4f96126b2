"""Download links: signed, expiring, readable by whoever has them."""

from __future__ import annotations

import asyncio
from datetime import datetime

from pydantic import Field

from ink_core.agents import AccessPoint
from ink_core.errors import BadInput
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.result_labels import of_home
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import from_home
from worker_agent.protocol import FileEntry, FileKind

DAY_S = 86_400


class CreateDownloadLink(ToolValue):
    path: str = Field(min_length=1, max_length=4000, description="A file of yours at the access point.")
    lifetime_s: int = Field(default=DAY_S, ge=60, le=7 * DAY_S)


class DownloadLink(ToolValue):
    """Whoever has `url` can read the file until `expires_at`."""

    path: str
    url: str
    expires_at: datetime


async def _create(context: ToolContext, asked: CreateDownloadLink) -> DownloadLink:
    entry = FileEntry.model_validate(
        await context.services.agents.call(
            AccessPoint(context.acting_as),
            "files.stat",
            {"path": from_home(asked.path)},
            operation_id=context.operation_id,
            deadline_s=context.deadline_s - 5,
        )
    )
    if entry.kind is not FileKind.FILE:
        raise BadInput(f"create_download_link: {asked.path} is a {entry.kind.value}, not a file; archive it first")
    link = await asyncio.to_thread(
        context.services.links.create, owner=context.acting_as, path=entry.path, lifetime_s=asked.lifetime_s
    )
    return DownloadLink(path=entry.path, url=link.url, expires_at=link.expires_at)


async def _preview(context: ToolContext, asked: CreateDownloadLink) -> Preview:
    return Preview(
        summary=f"Let whoever has the link read {asked.path} for {asked.lifetime_s / 3600:.1f} h",
        targets=(asked.path,),
        owners=(context.acting_as,),
    )


TOOLS = (
    ToolSpec(
        name="create_download_link",
        title="Create a download link",
        description="A link that downloads one of your files without signing in, until it expires.",
        input=CreateDownloadLink,
        output=DownloadLink,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.FILES_READ}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=True,
        timeout_s=40,
        label=Label(Confidentiality.USER, Integrity.TRUSTED),
        confidentiality_of=of_home,
        run=_create,
        preview=_preview,
    ),
)

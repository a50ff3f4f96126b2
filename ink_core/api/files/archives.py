"""Directories and files as one archive, streamed while it is made.

An archive that cannot be completed is an error before its first byte, or a transfer that is broken off: never an answer
that ends like a whole one.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.downloads import Streamed, begun
from ink_core.api.files.content import attachment
from ink_core.api.files.parts import Reader
from ink_core.storage.archives import UserArchives
from worker_agent.protocol import ArchiveFormat

router = Area(prefix="/api/v1/files")
MEDIA_TYPES = {
    ArchiveFormat.ZIP: "application/zip",
    ArchiveFormat.TAR: "application/x-tar",
    ArchiveFormat.TAR_GZ: "application/gzip",
}
Paths = Annotated[list[Annotated[str, Field(min_length=1, max_length=4096)]], Query(min_length=1, max_length=100)]


@router.get("/archive", response_class=StreamingResponse)
async def download_archive(
    principal: Reader,
    core: CoreParts,
    path: Paths,
    form: Annotated[ArchiveFormat, Query(alias="format")] = ArchiveFormat.ZIP,
    hidden: bool = True,
) -> StreamingResponse:
    """Each path by its own name, with all below it; links as links."""
    user = principal.username
    pieces = await begun(core.downloads.one(user), UserArchives(core.agents).stream(user, path, form, hidden=hidden))
    name = PurePosixPath(path[0]).name if len(path) == 1 and path[0] != "." else "files"
    headers = {"Content-Disposition": attachment(f"{name}.{form.value}"), "Cache-Control": "private, no-store"}
    return Streamed(pieces, 200, headers, MEDIA_TYPES[form])

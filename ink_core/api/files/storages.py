"""Files on the site's storages (XRootD), read with the caller's own token by the caller's own agent."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate
from typing import Annotated

from fastapi import Path, Request, Response
from fastapi.responses import StreamingResponse

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.downloads import Streamed, begun
from ink_core.api.etag import has_it
from ink_core.api.files.content import MEDIA_TYPE, attachment
from ink_core.api.files.parts import PathQuery, Reader
from ink_core.api.ranges import wanted_range
from ink_core.errors import NotFound
from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.calls import StorageEntry
from ink_core.storage.xrootd.user_storage import UserStorage
from worker_agent.protocol import FileKind

router = Area(prefix="/api/v1/storages")
Storage = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,31}$")]


@router.get("")
async def list_storages(principal: Reader, core: CoreParts) -> Sequence[str]:
    """Names of the storages that this site knows."""
    return core.storages


@router.get("/{storage}/entries")
async def list_storage_directory(
    principal: Reader, core: CoreParts, storage: Storage, path: PathQuery = "/"
) -> Sequence[StorageEntry]:
    """What is in the directory, by name; at most 10,000 entries. `path` begins with `/`."""
    return await _named(core, storage).list(principal.username, path)


@router.get("/{storage}/content", response_class=StreamingResponse)
async def download_storage_file(
    request: Request, principal: Reader, core: CoreParts, storage: Storage, path: PathQuery
) -> Response:
    """The file, or with `Range` a part of it; `ETag` with `If-Range` and `If-None-Match` are answered."""
    user, files = principal.username, _named(core, storage)
    entry = await files.status(user, path)
    if entry.kind is not FileKind.FILE:
        raise FileFault(f"{entry.path} is a directory", code="is_a_directory")
    etag = f'"{entry.size:x}-{entry.modified:.0f}"'
    if has_it(etag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers={"ETag": etag})
    part = wanted_range(request.headers, entry.size, etag)
    if part is None:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{entry.size}"})
    headers = {
        "ETag": etag,
        "Last-Modified": formatdate(entry.modified, usegmt=True),
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": attachment(entry.path),
        "Content-Length": str(part.length),
    }
    headers |= {} if part.whole else {"Content-Range": part.content_range}
    pieces = await begun(core.downloads.one(user), files.stream(user, entry, part.first, part.length))
    return Streamed(pieces, 200 if part.whole else 206, headers, MEDIA_TYPE)


def _named(core: Core, storage: str) -> UserStorage:
    if storage not in core.storages:
        raise NotFound(f"there is no storage {storage}; GET /api/v1/storages lists them")
    return UserStorage(core.agents, storage)

"""Files on the site's storages (XRootD), read and changed with the caller's own token by the caller's own agent.

What changes something is a tool call. A file is sent as an upload without a path first, which is then put there.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate
from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from ink_core.api.actions import RequestKey
from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.downloads import Streamed, begun
from ink_core.api.etag import has_it
from ink_core.api.files.content import MEDIA_TYPE, attachment
from ink_core.api.files.parts import Body, PathQuery, Reader, Writer, change
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.ranges import wanted_range
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal
from ink_core.storage.faults import FileFault
from ink_core.storage.uploads import UserUploads
from ink_core.storage.xrootd.calls import StorageEntry
from ink_core.storage.xrootd.user_storage import UserStorage
from worker_agent.protocol import FileKind

router = Area(prefix="/api/v1/storages")
Storage = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{0,31}$")]
StoragePath = Annotated[str, Field(pattern="^/", max_length=4096)]
StoragePathQuery = Annotated[str, Query(pattern="^/", max_length=4096)]


class NewStorageFile(Body):
    """`upload_id` names an upload without a path, all of whose bytes have come."""

    path: StoragePath
    upload_id: str = Field(pattern="^[0-9a-f]{32}$")
    overwrite: bool = False


class NewStorageDirectory(Body):
    path: StoragePath


class StorageRenaming(Body):
    """Nothing is replaced: `target` must not exist."""

    source: StoragePath
    target: StoragePath


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


@router.post("/{storage}/files", status_code=201)
async def put_storage_file(
    principal: Writer, core: CoreParts, storage: Storage, body: NewStorageFile, key: IdempotencyKey = None
) -> StorageEntry:
    """The file of an upload, whole or not at all; directories above it are made.

    The upload stays until it is dropped or expires, so that this can be sent again.
    """
    _named(core, storage)
    staged = await UserUploads(core.agents).complete(principal.username, body.upload_id)
    if staged.sha256 is None:
        raise FileFault("not all bytes of the upload have come; send the rest first", code="upload_incomplete")
    wanted = {**body.model_dump(), "storage": storage, "size": staged.size, "sha256": staged.sha256}
    return StorageEntry.model_validate(await change(core, principal, "put_on_storage", wanted, key=key))


@router.post("/{storage}/directories", status_code=201)
async def make_storage_directory(
    principal: Writer, core: CoreParts, storage: Storage, body: NewStorageDirectory, key: IdempotencyKey = None
) -> StorageEntry:
    """The directory and those above it. One that exists is fine."""
    return await _changed(core, principal, "make_storage_directory", storage, body, key)


@router.post("/{storage}/rename")
async def rename_on_storage(
    principal: Writer, core: CoreParts, storage: Storage, body: StorageRenaming, key: IdempotencyKey = None
) -> StorageEntry:
    """Rename or move within the storage."""
    return await _changed(core, principal, "rename_on_storage", storage, body, key)


@router.delete("/{storage}/entries", status_code=204)
async def remove_from_storage(
    principal: Writer, core: CoreParts, storage: Storage, path: StoragePathQuery, key: IdempotencyKey = None
) -> None:
    """For good: a file, or a directory with nothing in it."""
    _named(core, storage)
    await change(core, principal, "remove_from_storage", {"storage": storage, "path": path}, key=key)


async def _changed(
    core: Core, principal: Principal, tool: str, storage: str, body: Body, key: RequestKey | None
) -> StorageEntry:
    _named(core, storage)
    wanted = {**body.model_dump(), "storage": storage}
    return StorageEntry.model_validate(await change(core, principal, tool, wanted, key=key))


def _named(core: Core, storage: str) -> UserStorage:
    if storage not in core.storages:
        raise NotFound(f"there is no storage {storage}; GET /api/v1/storages lists them")
    return UserStorage(core.agents, storage)

"""What changes files, each one tool call: write, make a directory, rename, copy, set permissions, delete."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.etag import IfMatch
from ink_core.api.files.parts import Body, Path, PathQuery, Writer, change
from ink_core.api.files.preconditions import as_seen
from ink_core.api.idempotency import IdempotencyKey
from worker_agent.protocol import MAX_WRITE_BYTES, FileEntry

router = Area(prefix="/api/v1/files")


class NewFile(Body):
    """Exactly one of `text` and `base64`; none of them is an empty file."""

    path: Path
    text: str | None = Field(default=None, max_length=MAX_WRITE_BYTES)
    base64: str | None = Field(default=None, max_length=MAX_WRITE_BYTES * 4 // 3 + 4)
    expected_sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    overwrite: bool = False


class Written(Body):
    path: str
    size: int
    sha256: str


class NewDirectory(Body):
    path: Path


class Renaming(Body):
    """Nothing is replaced: `target` must not exist."""

    source: Path
    target: Path


class Copying(Body):
    """Nothing is replaced: `target` must not exist."""

    source: Path
    target: Path


class Mode(Body):
    """`mode` in octal digits, without a bit that lets a program run as somebody else."""

    path: Path
    mode: str = Field(pattern="^0?[0-7]{3}$")


class Deleted(Body):
    """`trash_id` puts it back until `expires_at`; None where it was removed for good."""

    path: str
    trash_id: str | None = None
    expires_at: float | None = None


@router.post("", status_code=201)
async def create_file(
    principal: Writer, core: CoreParts, body: NewFile, key: IdempotencyKey = None, if_match: IfMatch = None
) -> Written:
    """A new or changed small file. With `expected_sha256` no change of another is lost."""
    wanted = body.model_dump(exclude_none=True)
    if body.text is None and body.base64 is None:
        wanted["text"] = ""
    seen = as_seen(core.agents, principal.username, body.path, if_match)
    return Written.model_validate(await change(core, principal, "write_file", wanted, key=key, only_if=seen))


@router.post("/directories", status_code=201)
async def make_directory(
    principal: Writer, core: CoreParts, body: NewDirectory, key: IdempotencyKey = None
) -> FileEntry:
    """The directory and those above it. One that exists is fine."""
    return FileEntry.model_validate(await change(core, principal, "make_directory", {"path": body.path}, key=key))


@router.post("/rename")
async def rename_path(
    principal: Writer, core: CoreParts, body: Renaming, key: IdempotencyKey = None, if_match: IfMatch = None
) -> FileEntry:
    """Rename or move within the home; `If-Match` is of the source."""
    seen = as_seen(core.agents, principal.username, body.source, if_match)
    made = await change(core, principal, "rename_file", body.model_dump(), key=key, only_if=seen)
    return FileEntry.model_validate(made)


@router.post("/copy", status_code=201)
async def copy_path(
    principal: Writer, core: CoreParts, body: Copying, key: IdempotencyKey = None, if_match: IfMatch = None
) -> FileEntry:
    """A file, a link or a directory with all below it, whole or not at all; `If-Match` is of the source."""
    seen = as_seen(core.agents, principal.username, body.source, if_match)
    made = await change(core, principal, "copy_file", body.model_dump(), key=key, only_if=seen)
    return FileEntry.model_validate(made)


@router.post("/mode")
async def set_mode(
    principal: Writer, core: CoreParts, body: Mode, key: IdempotencyKey = None, if_match: IfMatch = None
) -> FileEntry:
    """Who may read, write and run it."""
    wanted = {"path": body.path, "mode": int(body.mode, 8)}
    seen = as_seen(core.agents, principal.username, body.path, if_match)
    return FileEntry.model_validate(await change(core, principal, "change_mode", wanted, key=key, only_if=seen))


@router.delete("")
async def delete_path(
    principal: Writer,
    core: CoreParts,
    path: PathQuery,
    recursive: bool = False,
    permanently: Annotated[bool, Query(description="Past the trash; of a directory this needs an approval.")] = False,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Deleted:
    """Into the trash; a directory that holds something needs `recursive`."""
    wanted = {"path": path, "recursive": recursive}
    seen = as_seen(core.agents, principal.username, path, if_match)
    if permanently:
        await change(core, principal, "remove_file", wanted, key=key, only_if=seen)
        return Deleted(path=path)
    result: Any = await change(core, principal, "trash_file", wanted, key=key, only_if=seen)
    return Deleted(path=result["path"], trash_id=result["trash_id"], expires_at=result["expires_at"])

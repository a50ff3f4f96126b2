"""`/api/v3/files`: one's own files, read by one's own agent and changed through the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from ink_core.api.core import CoreParts
from ink_core.api.files.parts import PathQuery, change
from ink_core.api.ink_rows.files import row_of
from ink_core.api.ink_rows.listing import rows_below
from ink_core.api.v3.bearer import bearer_requires
from ink_core.identity.principal import Principal, Scope
from ink_core.offload import json_list, offload
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import FilesPull

router = APIRouter(prefix="/api/v3/files", tags=["INK v3"])
Reader = Annotated[Principal, bearer_requires(Scope.FILES_READ)]
Writer = Annotated[Principal, bearer_requires(Scope.FILES_WRITE)]
READ_BYTES = 1024 * 1024


class InkEntries(BaseModel):
    """`entries` in the columns of `/api/v2/fs/list_path`: directories first, then by name."""

    path: str
    entries: Sequence[Mapping[str, str]]


class InkText(BaseModel):
    path: str
    content: str


class InkCreated(BaseModel):
    path: str
    created: Literal[True] = True


class InkDeleted(BaseModel):
    path: str
    deleted: Literal[True] = True


class InkRenamed(BaseModel):
    src: str
    dst: str


@router.get("", response_model=InkEntries)
async def list_files(principal: Reader, core: CoreParts, path: PathQuery, showhidden: bool = False) -> Response:
    """One directory; at most 100,000 entries."""
    found = await rows_below(UserFiles(core.agents), principal.username, path, recursive=False, hidden=showhidden)
    home = core.homes.home(principal.username)

    def listed() -> Response:
        entries = json_list(found, lambda row: row_of(home, row))
        return Response(orjson.dumps({"path": path, "entries": entries}), media_type="application/json")

    return await offload(listed, len(found))


@router.get("/content")
async def read_file(principal: Reader, core: CoreParts, path: PathQuery) -> InkText:
    """The first MiB, as text; what is no text has replacements in it. `/api/v1/files/content` gives the bytes."""
    piece = await UserFiles(core.agents).piece(principal.username, FilesPull(path=path, length=READ_BYTES))
    return InkText(path=path, content=piece.payload.decode(errors="replace"))


@router.post("/mkdir", status_code=201)
async def create_directory(principal: Writer, core: CoreParts, path: PathQuery) -> InkCreated:
    """With those above it; one that exists is fine."""
    await change(core, principal, "make_directory", {"path": path})
    return InkCreated(path=path)


@router.delete("")
async def delete_path(principal: Writer, core: CoreParts, path: PathQuery) -> InkDeleted:
    """Into the trash, a directory with what it holds."""
    await change(core, principal, "trash_file", {"path": path, "recursive": True})
    return InkDeleted(path=path)


@router.post("/rename")
async def rename_path(
    principal: Writer,
    core: CoreParts,
    src: Annotated[str, Query(min_length=1, max_length=4096)],
    dst: Annotated[str, Query(min_length=1, max_length=4096)],
) -> InkRenamed:
    """Nothing is replaced: `dst` must not exist."""
    await change(core, principal, "rename_file", {"source": src, "target": dst})
    return InkRenamed(src=src, dst=dst)

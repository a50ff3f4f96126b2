"""`/api/v2/fs`: files of the caller, read by the caller's own agent and changed through the gate."""

from __future__ import annotations

import posixpath
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.files.parts import change
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.ink_rows.files import row_of
from ink_core.api.ink_rows.listing import rows_below
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from ink_core.offload import json_list, offload
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import FilesPull

router = Area(prefix="/api/v2/fs", tags=["INK v2: fs"], route_class=InkRoute)
Reader = Annotated[Principal, ink_requires(Scope.FILES_READ)]
Writer = Annotated[Principal, ink_requires(Scope.FILES_WRITE)]
PathText = Annotated[str, Field(min_length=1, max_length=4096)]
TargetPath = Annotated[str, Query(alias="TargetPath", min_length=1, max_length=4096)]
VIEWED_BYTES = 1024 * 1024


class Target(BaseModel):
    path: PathText = Field(alias="TargetPath")
    mode: str | int | None = None


class InkNewDirectory(Target):
    """`recursive`: whether those above it are made too."""

    recursive: bool = True


class InkRenaming(BaseModel):
    """`isDir` is not read: what is renamed is what it is."""

    src: PathText
    dst: PathText


@router.get("/get_home")
@fails_with(Status.LIST)
async def get_home(core: CoreParts, principal: Reader) -> Response:
    """Where one's own files are."""
    return answer({"home": core.homes.home(principal.username)})


@router.get("/list_path")
@fails_with(Status.LIST)
async def list_path(
    core: CoreParts,
    principal: Reader,
    workdir: Annotated[str, Query(min_length=1, max_length=4096)] = ".",
    recursive: bool = False,
    showhidden: bool = False,
) -> Response:
    """Directories first, then by name; with `recursive` everything below."""
    home = core.homes.home(principal.username)
    files = UserFiles(core.agents)
    found = await rows_below(files, principal.username, workdir, recursive=recursive, hidden=showhidden)
    return await offload(
        lambda: answer({"file_list": json_list(found, lambda row: row_of(home, row)), "num": len(found)}), len(found)
    )


@router.get("/view_file")
@fails_with(Status.VIEW)
async def view_file(core: CoreParts, principal: Reader, path: TargetPath) -> Response:
    """The beginning of a text file."""
    wanted = FilesPull(path=path, length=VIEWED_BYTES)
    piece = await UserFiles(core.agents).piece(principal.username, wanted)
    cut = piece.size > len(piece.payload)
    try:
        text = piece.payload.decode(errors="strict" if not cut else "replace")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no text; download it") from error
    if "\0" in text:
        raise BadInput(f"{path} is no text; download it")
    return answer({"content": text, "size": piece.size, "truncated": cut})


@router.post("/create_file")
@fails_with(Status.CREATE_FILE)
async def create_file(
    core: CoreParts, principal: Writer, path: TargetPath, mode: Annotated[str | None, Query(max_length=4)] = None
) -> Response:
    """An empty file; one that exists stays and is an error."""
    bits = octal(mode)
    await change(core, principal, "write_file", {"path": path, "text": ""})
    return await _with_mode(core, principal, path, bits)


@router.post("/create_dir")
@fails_with(Status.MAKE_DIRECTORY)
async def create_dir(core: CoreParts, principal: Writer, body: InkNewDirectory) -> Response:
    """With those above it, unless they must be there; one that exists is fine."""
    bits = octal(body.mode)
    if not body.recursive:
        await UserFiles(core.agents).status(principal.username, posixpath.dirname(body.path.rstrip("/")) or ".")
    await change(core, principal, "make_directory", {"path": body.path})
    return await _with_mode(core, principal, body.path, bits)


@router.post("/delete_path")
@fails_with(Status.DELETE)
async def delete_path(core: CoreParts, principal: Writer, body: Target) -> Response:
    """Into the trash, directories with what they hold: INK's clients ask no second time."""
    result = await change(core, principal, "trash_file", {"path": body.path, "recursive": True})
    return answer(result)


@router.post("/chmod_path")
@fails_with(Status.CHMOD)
async def chmod_path(core: CoreParts, principal: Writer, body: Target) -> Response:
    """Set the mode, in octal."""
    if body.mode is None:
        raise BadInput("name a mode, for instance 755")
    return await _with_mode(core, principal, body.path, octal(body.mode))


@router.post("/rename_path")
@fails_with(Status.RENAME)
async def rename_path(core: CoreParts, principal: Writer, body: InkRenaming) -> Response:
    """Nothing is replaced: `dst` must not exist."""
    await change(core, principal, "rename_file", {"source": body.src, "target": body.dst})
    return answer({"path": body.dst})


async def _with_mode(core: Core, principal: Principal, path: str, mode: int | None) -> Response:
    if mode is not None:
        await change(core, principal, "change_mode", {"path": path, "mode": mode})
    found = await UserFiles(core.agents).status(principal.username, path)
    return answer(row_of(core.homes.home(principal.username), found))


def octal(mode: str | int | None) -> int | None:
    """`755` is written in octal, as a number as well; None where none was sent. Raises `BadInput`."""
    if mode in (None, ""):
        return None
    try:
        found = int(str(mode), 8)
    except ValueError:
        found = -1
    if not 0 <= found <= 0o777:
        raise BadInput(f"{mode!r} is no mode; write it in octal, for instance 755")
    return found

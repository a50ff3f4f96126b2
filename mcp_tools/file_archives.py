"""File tools that make archives and that unpack them. Same places as `files`."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from mcp_tools.context import ToolContext
from mcp_tools.file_changes import Entry, changing, preview_of, targets_seen
from mcp_tools.made import made_by
from mcp_tools.operation_ids import id_of
from mcp_tools.spec import Binding, Preview, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home
from worker_agent import protocol

FORMATS = {
    ".zip": protocol.ArchiveFormat.ZIP,
    ".tar": protocol.ArchiveFormat.TAR,
    ".tar.gz": protocol.ArchiveFormat.TAR_GZ,
    ".tgz": protocol.ArchiveFormat.TAR_GZ,
}


class PackFiles(ToolValue):
    paths: tuple[str, ...] = Field(min_length=1, max_length=100)
    target: str = Field(max_length=4096, description="New file: .zip, .tar, .tar.gz or .tgz.")

    @model_validator(mode="after")
    def _known_format(self) -> Self:
        if self.format is None:
            raise ValueError(f"target must end in {', '.join(FORMATS)}")
        return self

    @property
    def format(self) -> protocol.ArchiveFormat | None:
        return next((kind for ending, kind in FORMATS.items() if self.target.lower().endswith(ending)), None)


class UnpackArchive(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    target: str = Field(min_length=1, max_length=4096, description="New directory.")


class Unpacked(ToolValue):
    """The new directory; `left_out` counts links that would lead out of it, devices and pipes."""

    path: str
    entries: int | None
    bytes: int | None
    left_out: int | None


async def _pack(context: ToolContext, asked: PackFiles) -> Entry:
    assert asked.format is not None
    wanted = protocol.ArchivePack(
        paths=tuple(from_home(path) for path in asked.paths),
        target=from_home(asked.target),
        format=asked.format,
        made_id=id_of(context.operation_id),
    )
    return Entry.model_validate(await ask_agent(context, "archive.pack", wanted.model_dump(mode="json")))


async def _preview_pack(context: ToolContext, asked: PackFiles) -> Preview:
    return preview_of(context, f"Pack {len(asked.paths)} files or directories into {asked.target}", asked.target)


async def _bind_pack(context: ToolContext, asked: PackFiles) -> Binding:
    return await targets_seen(context, from_home(asked.target))


async def _unpack(context: ToolContext, asked: UnpackArchive) -> Unpacked:
    wanted = protocol.ArchiveUnpack(
        path=from_home(asked.path), target=from_home(asked.target), made_id=id_of(context.operation_id)
    )
    return Unpacked.model_validate(await ask_agent(context, "archive.unpack", wanted.model_dump()))


async def _preview_unpack(context: ToolContext, asked: UnpackArchive) -> Preview:
    return preview_of(context, f"Unpack {asked.path} into the new directory {asked.target}", asked.target)


async def _bind_unpack(context: ToolContext, asked: UnpackArchive) -> Binding:
    return await targets_seen(context, from_home(asked.path), from_home(asked.target))


async def _find_unpacked(context: ToolContext, asked: UnpackArchive) -> Unpacked | None:
    """What was counted is not known any more."""
    found = await made_by(context)
    return Unpacked(path=found.path, entries=None, bytes=None, left_out=None) if found else None


async def _find_packed(context: ToolContext, asked: PackFiles) -> Entry | None:
    return await made_by(context)


TOOLS: tuple[ToolSpec, ...] = (
    changing(
        name="pack_files",
        title="Pack files",
        description="Make an archive of files and directories. Nothing is replaced.",
        input=PackFiles,
        output=Entry,
        idempotent=False,
        timeout_s=600,
        for_models=False,
        run=_pack,
        preview=_preview_pack,
        bind=_bind_pack,
        reconcile=_find_packed,
    ),
    changing(
        name="unpack_archive",
        title="Unpack an archive",
        description="Unpack a zip or tar archive into a new directory, and never out of it.",
        input=UnpackArchive,
        output=Unpacked,
        idempotent=False,
        timeout_s=600,
        run=_unpack,
        preview=_preview_unpack,
        bind=_bind_unpack,
        reconcile=_find_unpacked,
    ),
)

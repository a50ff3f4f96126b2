"""Editing files where they stand: several places in several files, all or nothing, with a report of what does not fit.

Same places as `files`. The old text of each edit is what guards against a lost update.
"""

from __future__ import annotations

import asyncio
from typing import Self

from pydantic import Field, model_validator

from mcp_tools.bindings import MAX_DIFF_CHARACTERS, unified_diff
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import UNDO, changing, preview_of, targets_seen
from mcp_tools.files import FILES_LABEL
from mcp_tools.made import made_by
from mcp_tools.operation_ids import id_of
from mcp_tools.spec import Binding, Preview, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home, look_at_agent
from worker_agent import protocol


class Edit(ToolValue):
    old: str = Field(
        max_length=protocol.MAX_WRITE_BYTES, description="Stands exactly once in the file; empty to make a new file."
    )
    new: str = Field(max_length=protocol.MAX_WRITE_BYTES)
    file: int = Field(default=0, ge=0, lt=50, description="Which of paths.")


class PatchFiles(ToolValue):
    """Which files is one argument and what becomes of them another: the policy judges them apart."""

    paths: tuple[str, ...] = Field(min_length=1, max_length=50)
    edits: tuple[Edit, ...] = Field(min_length=1, max_length=200)
    dry_run: bool = False

    @model_validator(mode="after")
    def _every_path_has_an_edit(self) -> Self:
        edited = {edit.file for edit in self.edits}
        if edited != set(range(len(self.paths))):
            raise ValueError("each of paths needs an edit, and each edit one of paths")
        return self


class FilesPatched(ToolValue):
    """`applied`: whether the files are like that now. With any conflict nothing was changed."""

    applied: bool
    files: tuple[protocol.PatchedFile, ...]
    conflicts: tuple[protocol.PatchConflict, ...]


async def _patch(context: ToolContext, asked: PatchFiles) -> FilesPatched:
    paths = [from_home(path) for path in asked.paths]
    edits = tuple(protocol.PatchEdit(path=paths[one.file], old=one.old, new=one.new) for one in asked.edits)
    wanted = protocol.FilesPatch(edits=edits, dry_run=asked.dry_run, made_id=id_of(context.operation_id))
    return FilesPatched.model_validate(await ask_agent(context, "files.patch", wanted.model_dump()))


async def _preview(context: ToolContext, asked: PatchFiles) -> Preview:
    said = "Try to change" if asked.dry_run else "Change"
    files = asked.paths[0] if len(asked.paths) == 1 else f"{len(asked.paths)} files"
    preview = preview_of(context, f"{said} {len(asked.edits)} places in {files}", *asked.paths)
    return preview.model_copy(update={"undo": UNDO})


async def _bind(context: ToolContext, asked: PatchFiles) -> Binding:
    return await targets_seen(context, *(from_home(path) for path in asked.paths))


async def _diff(context: ToolContext, asked: PatchFiles) -> str | None:
    text = await asyncio.to_thread(_diffs, asked)
    return text[:MAX_DIFF_CHARACTERS] + ("\n… cut\n" if len(text) > MAX_DIFF_CHARACTERS else "") or None


def _diffs(asked: PatchFiles) -> str:
    diffs = (unified_diff(asked.paths[one.file], one.old.encode(), one.new.encode()) for one in asked.edits)
    return "".join(diff for diff in diffs if diff)


async def _find_patched(context: ToolContext, asked: PatchFiles) -> FilesPatched | None:
    """The files as they are now, where the operation noted that it put them in place."""
    if await made_by(context) is None:
        return None
    return FilesPatched(applied=True, files=tuple([await _now(context, path) for path in asked.paths]), conflicts=())


async def _now(context: ToolContext, path: str) -> protocol.PatchedFile:
    found = protocol.FileDigest.model_validate(await look_at_agent(context, "files.digest", {"path": from_home(path)}))
    return protocol.PatchedFile(path=found.path, size=found.size, sha256=found.sha256 or "", lines=())


TOOLS: tuple[ToolSpec, ...] = (
    changing(
        name="patch_files",
        title="Change places in files",
        description="Replace texts in files, all or nothing. What does not fit is reported, and nothing is changed.",
        input=PatchFiles,
        output=FilesPatched,
        label=FILES_LABEL,
        content=frozenset({"edits", "dry_run"}),
        idempotent=False,
        run=_patch,
        preview=_preview,
        bind=_bind,
        diff=_diff,
        reconcile=_find_patched,
    ),
)

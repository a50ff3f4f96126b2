"""File tools that change something: write, make a directory, remove, rename. Same places as `files`.

An unknown outcome is resolved by looking at the file itself.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from functools import partial
from typing import Self

from pydantic import Field, model_validator

from ink_core.errors import AgentFault, BadInput, NotFound
from ink_core.identity.principal import Scope
from mcp_tools.bindings import file_seen, unified_diff
from mcp_tools.context import ToolContext
from mcp_tools.operation_ids import id_of
from mcp_tools.result_labels import of_files
from mcp_tools.spec import Binding, Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import agent_of, ask_agent, from_home, look_at_agent
from worker_agent import protocol

PATHS_LABEL = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)
PIECE = protocol.MAX_READ_BYTES
SHOWN_BYTES = 256 * 1024
UNDO = "the conversation shows the change and puts back what was there, as long as that is kept"


class WriteFile(ToolValue):
    """Exactly one of `text` and `base64`."""

    path: str = Field(min_length=1, max_length=4096)
    text: str | None = Field(default=None, max_length=protocol.MAX_WRITE_BYTES)
    base64: str | None = Field(default=None, max_length=protocol.MAX_WRITE_BYTES * 4 // 3 + 4)
    expected_sha256: str | None = Field(
        default=None, pattern="^[0-9a-f]{64}$", description="Digest of the version that is replaced: no lost updates."
    )
    overwrite: bool = Field(default=False, description="Replace an existing file without knowing its digest.")

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.text is None) == (self.base64 is None):
            raise ValueError("give either text or base64")
        return self

    def content(self) -> bytes:
        """Raises `BadInput` for what is neither UTF-8 text nor base64, or too large."""
        try:
            data = self.text.encode() if self.text is not None else base64.b64decode(self.base64 or "", validate=True)
        except (UnicodeEncodeError, binascii.Error) as error:
            raise BadInput(f"write_file: the content of {self.path} cannot be decoded: {error}") from error
        if len(data) > protocol.MAX_WRITE_BYTES:
            raise BadInput(f"write_file: at most {protocol.MAX_WRITE_BYTES} bytes at once, not {len(data)}")
        return data


class FileWritten(ToolValue):
    path: str
    size: int
    sha256: str


class MakeDirectory(ToolValue):
    path: str = Field(min_length=1, max_length=4096)


class Entry(ToolValue):
    """The file or directory as it is now."""

    name: str
    path: str
    kind: protocol.FileKind
    size: int
    mode: int
    modified: float
    owner: str


class RemoveFile(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    recursive: bool = Field(default=False, description="Also a directory that is not empty, with all below it.")


class FileRemoved(ToolValue):
    path: str


class RenameFile(ToolValue):
    source: str = Field(min_length=1, max_length=4096)
    target: str = Field(min_length=1, max_length=4096, description="Must not exist.")


async def _preview_write(context: ToolContext, asked: WriteFile) -> Preview:
    preview = preview_of(context, f"Write {len(asked.content())} bytes to {asked.path}", asked.path)
    return preview.model_copy(update={"undo": UNDO})


async def _bind_write(context: ToolContext, asked: WriteFile) -> Binding:
    return await targets_seen(context, from_home(asked.path))


async def _diff_write(context: ToolContext, asked: WriteFile) -> str | None:
    before = await _text(context, from_home(asked.path))
    return await asyncio.to_thread(unified_diff, asked.path, before, asked.content())


async def _bind_remove(context: ToolContext, asked: RemoveFile) -> Binding:
    return await targets_seen(context, from_home(asked.path))


async def _bind_rename(context: ToolContext, asked: RenameFile) -> Binding:
    return await targets_seen(context, from_home(asked.source), from_home(asked.target))


async def targets_seen(context: ToolContext, *paths: str) -> Binding:
    """The files that would change, as the agent sees them that would change them."""
    seen = [await file_seen(context, agent_of(context), "target", path) for path in paths]
    return Binding(seen=tuple(one for one in seen if one))


async def _text(context: ToolContext, path: str) -> bytes | None:
    """The beginning of the file, enough for a change in lines to be shown; None where there is none."""
    try:
        answer = await look_at_agent(context, "files.read", {"path": path, "offset": 0, "length": SHOWN_BYTES})
    except AgentFault as fault:
        if fault.code == "not_found":
            return None
        raise
    return base64.b64decode(protocol.FileContent.model_validate(answer).content)


async def _write(context: ToolContext, asked: WriteFile) -> FileWritten:
    arguments = protocol.FilesWrite(
        path=from_home(asked.path),
        content=base64.b64encode(asked.content()).decode(),
        expected_sha256=asked.expected_sha256,
        overwrite=asked.overwrite,
        made_id=id_of(context.operation_id),
    )
    answer = await ask_agent(context, "files.write", arguments.model_dump())
    return FileWritten.model_validate(answer)


async def _find_written(context: ToolContext, asked: WriteFile) -> FileWritten | None:
    """Written if the file holds that content now; else writing again is guarded by the digest or meant to overwrite."""
    data = asked.content()
    digest = hashlib.sha256(data).hexdigest()
    found = await _digest(context, from_home(asked.path), len(data))
    return FileWritten(path=asked.path, size=len(data), sha256=digest) if found == digest else None


async def _digest(context: ToolContext, path: str, expected_size: int) -> str | None:
    """SHA-256 of the file; None where it does not exist or has another size."""
    digest, offset, eof = hashlib.sha256(), 0, False
    while not eof:
        try:
            piece = await look_at_agent(context, "files.read", {"path": path, "offset": offset, "length": PIECE})
        except AgentFault as fault:
            if fault.code == "not_found":
                return None
            raise
        content = protocol.FileContent.model_validate(piece)
        if content.size != expected_size:
            return None
        data = base64.b64decode(content.content)
        digest.update(data)
        offset, eof = offset + len(data), content.eof
    return digest.hexdigest()


async def _make_directory(context: ToolContext, asked: MakeDirectory) -> Entry:
    return Entry.model_validate(await ask_agent(context, "files.mkdir", {"path": from_home(asked.path)}))


async def _preview_remove(context: ToolContext, asked: RemoveFile) -> Preview:
    entry = await entry_at(context, asked.path)
    if entry is None:
        raise NotFound(f"remove_file: {asked.path} does not exist")
    if entry.kind is not protocol.FileKind.DIRECTORY:
        return preview_of(context, f"Remove {asked.path} ({entry.size} bytes)", asked.path)
    if not asked.recursive:
        return preview_of(context, f"Remove the directory {asked.path}, if it is empty", asked.path)
    below = await look_at_agent(context, "files.digest", {"path": from_home(asked.path)})
    tree = protocol.FileDigest.model_validate(below)
    summary = f"Remove the directory {asked.path} with everything below it"
    preview = preview_of(context, summary, asked.path)
    return preview.model_copy(update={"details": (f"{tree.entries} entries with {tree.size} bytes",)})


async def _remove(context: ToolContext, asked: RemoveFile) -> FileRemoved:
    answer = await ask_agent(context, "files.remove", {"path": from_home(asked.path), "recursive": asked.recursive})
    return FileRemoved.model_validate(answer)


async def _find_removed(context: ToolContext, asked: RemoveFile) -> FileRemoved | None:
    entry = await entry_at(context, asked.path)
    return FileRemoved(path=asked.path) if entry is None else None


async def _rename(context: ToolContext, asked: RenameFile) -> Entry:
    paths = {"source": from_home(asked.source), "target": from_home(asked.target)}
    return Entry.model_validate(await ask_agent(context, "files.rename", paths))


async def _find_renamed(context: ToolContext, asked: RenameFile) -> Entry | None:
    source = await entry_at(context, asked.source)
    target = await entry_at(context, asked.target)
    return target if source is None else None


async def _preview_rename(context: ToolContext, asked: RenameFile) -> Preview:
    return preview_of(context, f"Rename {asked.source} to {asked.target}", asked.source, asked.target)


async def entry_at(context: ToolContext, path: str) -> Entry | None:
    try:
        return Entry.model_validate(await look_at_agent(context, "files.stat", {"path": from_home(path)}))
    except AgentFault as fault:
        if fault.code == "not_found":
            return None
        raise


def preview_of(context: ToolContext, summary: str, *targets: str) -> Preview:
    """The owner is the acting user: for files the kernel decides who may, and nobody acts for another."""
    return Preview(summary=summary, targets=targets, owners=(context.acting_as,))


changing = partial(
    ToolSpec,
    risk=Risk.WRITE,
    scopes=frozenset({Scope.FILES_WRITE}),
    runs_on=RunsOn.EXECUTE,
    timeout_s=60,
    label=PATHS_LABEL,
    confidentiality_of=of_files,
)
"""A tool that changes files of the acting user, wherever the session works."""

TOOLS: tuple[ToolSpec, ...] = (
    changing(
        name="write_file",
        title="Write a file",
        description="Create or replace a file atomically. Give expected_sha256 of the version you read, or overwrite.",
        input=WriteFile,
        output=FileWritten,
        content=frozenset({"text", "base64", "expected_sha256"}),
        idempotent=False,
        run=_write,
        preview=_preview_write,
        bind=_bind_write,
        diff=_diff_write,
        reconcile=_find_written,
    ),
    changing(
        name="make_directory",
        title="Make a directory",
        description="Make a directory and those above it. One that exists is fine.",
        input=MakeDirectory,
        output=Entry,
        idempotent=True,
        run=_make_directory,
    ),
    changing(
        name="remove_file",
        title="Remove a file",
        description="Remove a file, a link or a directory. It cannot be undone.",
        input=RemoveFile,
        output=FileRemoved,
        idempotent=False,
        for_models=False,
        run=_remove,
        preview=_preview_remove,
        bind=_bind_remove,
        reconcile=_find_removed,
    ),
    changing(
        name="rename_file",
        title="Rename a file",
        description="Rename or move a file or directory inside the workspace.",
        input=RenameFile,
        output=Entry,
        idempotent=False,
        run=_rename,
        preview=_preview_rename,
        bind=_bind_rename,
        reconcile=_find_renamed,
    ),
)

"""Tools that change files on the site's storages (XRootD), done by the user's own agent with the user's own token.

What is put there are bytes that were uploaded and staged before. An unknown outcome is resolved by asking the storage.
"""

from __future__ import annotations

from functools import partial
from secrets import token_hex
from typing import Annotated

from pydantic import Field, JsonValue

from ink_core.agents import AccessPoint
from ink_core.errors import AgentFault, NotFound
from ink_core.identity.principal import Scope
from ink_core.storage.xrootd import calls
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import preview_of
from mcp_tools.spec import Binding, Confidentiality, Integrity, Label, Preview, Risk, RunsOn, Seen, ToolSpec, ToolValue
from worker_agent.protocol import FileKind

StoragePath = Annotated[str, Field(pattern="^/", max_length=4096)]


class OnStorage(ToolValue):
    storage: str = Field(pattern="^[a-z][a-z0-9-]{0,31}$")
    path: StoragePath


class PutOnStorage(OnStorage):
    """`size` and `sha256` say what becomes visible: the agent sends no other bytes."""

    upload_id: str = Field(pattern="^[0-9a-f]{32}$")
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    overwrite: bool = False


class RenameOnStorage(ToolValue):
    storage: str = Field(pattern="^[a-z][a-z0-9-]{0,31}$")
    source: StoragePath
    target: StoragePath


class StoredEntry(ToolValue):
    """`modified` in seconds since the epoch."""

    name: str
    path: str
    kind: FileKind
    size: int
    modified: float


class RemovedFromStorage(ToolValue):
    path: str


async def _put(context: ToolContext, asked: PutOnStorage) -> StoredEntry:
    return StoredEntry.model_validate(await _do(context, calls.PUT, asked))


async def _preview_put(context: ToolContext, asked: PutOnStorage) -> Preview:
    there = await _entry_at(context, asked.storage, asked.path)
    doing = "Put" if there is None else f"Replace {there.size} bytes: put"
    summary = f"{doing} {asked.size} uploaded bytes at {asked.path} on {asked.storage}"
    return preview_of(context, summary, _named(asked.storage, asked.path))


async def _bind(context: ToolContext, asked: OnStorage) -> Binding:
    return Binding(seen=(await _seen(context, asked.storage, asked.path),))


async def _make_directory(context: ToolContext, asked: OnStorage) -> StoredEntry:
    return StoredEntry.model_validate(await _do(context, calls.MAKE_DIRECTORY, asked))


async def _preview_make_directory(context: ToolContext, asked: OnStorage) -> Preview:
    return preview_of(context, f"Make the directory {asked.path} on {asked.storage}", _named(asked.storage, asked.path))


async def _rename(context: ToolContext, asked: RenameOnStorage) -> StoredEntry:
    return StoredEntry.model_validate(await _do(context, calls.RENAME, asked))


async def _preview_rename(context: ToolContext, asked: RenameOnStorage) -> Preview:
    targets = (_named(asked.storage, asked.source), _named(asked.storage, asked.target))
    return preview_of(context, f"Rename {asked.source} to {asked.target} on {asked.storage}", *targets)


async def _bind_rename(context: ToolContext, asked: RenameOnStorage) -> Binding:
    return Binding(seen=(await _seen(context, asked.storage, asked.source),))


async def _find_renamed(context: ToolContext, asked: RenameOnStorage) -> StoredEntry | None:
    source = await _entry_at(context, asked.storage, asked.source)
    target = await _entry_at(context, asked.storage, asked.target)
    return target if source is None else None


async def _remove(context: ToolContext, asked: OnStorage) -> RemovedFromStorage:
    return RemovedFromStorage.model_validate(await _do(context, calls.REMOVE, asked))


async def _preview_remove(context: ToolContext, asked: OnStorage) -> Preview:
    entry = await _entry_at(context, asked.storage, asked.path)
    if entry is None:
        raise NotFound(f"remove_from_storage: {asked.path} does not exist on {asked.storage}")
    what = "the empty directory " if entry.kind is FileKind.DIRECTORY else ""
    summary = f"Remove {what}{asked.path} ({entry.size} bytes) from {asked.storage}"
    return preview_of(context, summary, _named(asked.storage, asked.path))


async def _find_removed(context: ToolContext, asked: OnStorage) -> RemovedFromStorage | None:
    entry = await _entry_at(context, asked.storage, asked.path)
    return RemovedFromStorage(path=asked.path) if entry is None else None


async def _do(context: ToolContext, method: str, asked: ToolValue) -> JsonValue:
    return await context.services.agents.call(
        AccessPoint(context.acting_as),
        method,
        asked.model_dump(mode="json"),
        operation_id=context.operation_id,
        deadline_s=context.deadline_s,
    )


async def _entry_at(context: ToolContext, storage: str, path: str) -> StoredEntry | None:
    """What is there now; None for nothing."""
    try:
        answer = await context.services.agents.call(
            AccessPoint(context.acting_as),
            calls.STATUS,
            {"storage": storage, "path": path},
            operation_id=f"look-{token_hex(12)}",
            deadline_s=context.deadline_s,
        )
    except AgentFault as fault:
        if fault.code == "not_found":
            return None
        raise
    return StoredEntry.model_validate(answer)


async def _seen(context: ToolContext, storage: str, path: str) -> Seen:
    """A storage tells no digest: what is there is known again by its kind, size and time."""
    entry = await _entry_at(context, storage, path)
    digest = None if entry is None else f"{entry.kind}-{entry.size}-{entry.modified:.0f}"
    return Seen(kind="target", name=_named(storage, path), digest=digest)


def _named(storage: str, path: str) -> str:
    return f"{storage}:{path}"


changing = partial(
    ToolSpec,
    risk=Risk.WRITE,
    scopes=frozenset({Scope.FILES_WRITE}),
    runs_on=RunsOn.ACCESS_POINT,
    label=Label(Confidentiality.EXPERIMENT, Integrity.UNTRUSTED),
    for_models=False,
)
"""What lies on a storage, and who wrote it, nobody has told: results have the highest label."""

TOOLS: tuple[ToolSpec, ...] = (
    changing(
        name="put_on_storage",
        title="Put a file on a storage",
        description="Make a file on a storage of an upload whose bytes were sent over REST.",
        input=PutOnStorage,
        output=StoredEntry,
        idempotent=True,
        timeout_s=600,
        run=_put,
        preview=_preview_put,
        bind=_bind,
    ),
    changing(
        name="make_storage_directory",
        title="Make a directory on a storage",
        description="Make a directory on a storage and those above it. One that exists is fine.",
        input=OnStorage,
        output=StoredEntry,
        idempotent=True,
        timeout_s=120,
        run=_make_directory,
        preview=_preview_make_directory,
    ),
    changing(
        name="rename_on_storage",
        title="Rename on a storage",
        description="Rename or move a file or directory within a storage. Nothing is replaced.",
        input=RenameOnStorage,
        output=StoredEntry,
        idempotent=False,
        timeout_s=120,
        run=_rename,
        preview=_preview_rename,
        bind=_bind_rename,
        reconcile=_find_renamed,
    ),
    changing(
        name="remove_from_storage",
        title="Remove from a storage",
        description="Remove a file or an empty directory from a storage. It cannot be undone.",
        input=OnStorage,
        output=RemovedFromStorage,
        idempotent=False,
        timeout_s=120,
        run=_remove,
        preview=_preview_remove,
        bind=_bind,
        reconcile=_find_removed,
    ),
)

"""Deleting that can be undone: a file or directory goes to its user's trash, is put back, or is removed for good.

Same places as `files`; each has a trash of its own.
"""

from __future__ import annotations

from pydantic import Field, JsonValue

from mcp_tools.context import ToolContext
from mcp_tools.file_changes import Entry, changing, preview_of, targets_seen
from mcp_tools.made import made_by
from mcp_tools.operation_ids import id_of
from mcp_tools.spec import Binding, Preview, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home, look_at_agent
from worker_agent import protocol

KEPT_S = 30 * 86_400
TRASH_ID = "^[0-9a-f]{32}$"


class TrashFile(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    recursive: bool = Field(default=False, description="Also a directory that is not empty, with all below it.")


class Trashed(ToolValue):
    """`restore_file` with the `trash_id` puts it back until `expires_at` (seconds since the epoch)."""

    trash_id: str
    path: str
    kind: protocol.FileKind
    size: int
    deleted_at: float
    expires_at: float


class RestoreFile(ToolValue):
    trash_id: str = Field(pattern=TRASH_ID)
    target: str | None = Field(default=None, max_length=4096, description="Another path than the one it had.")


class EmptyTrash(ToolValue):
    trash_id: str | None = Field(default=None, pattern=TRASH_ID, description="Only this entry.")


class TrashEmptied(ToolValue):
    removed: int


async def _put(context: ToolContext, asked: TrashFile) -> Trashed:
    wanted: dict[str, JsonValue] = {
        "trash_id": id_of(context.operation_id),
        "path": from_home(asked.path),
        "recursive": asked.recursive,
        "expires_s": KEPT_S,
    }
    return Trashed.model_validate(await ask_agent(context, "trash.put", wanted))


async def _find_trashed(context: ToolContext, asked: TrashFile) -> Trashed | None:
    return next((entry for entry in await _trash(context) if entry.trash_id == id_of(context.operation_id)), None)


async def _preview_put(context: ToolContext, asked: TrashFile) -> Preview:
    preview = preview_of(context, f"Move {asked.path} to the trash", asked.path)
    return preview.model_copy(update={"undo": f"restore_file brings it back for {KEPT_S // 86_400} days"})


async def _bind_put(context: ToolContext, asked: TrashFile) -> Binding:
    return await targets_seen(context, from_home(asked.path))


async def _restore(context: ToolContext, asked: RestoreFile) -> Entry:
    wanted: dict[str, JsonValue] = {"trash_id": asked.trash_id, "made_id": id_of(context.operation_id)}
    if asked.target is not None:
        wanted["target"] = from_home(asked.target)
    return Entry.model_validate(await ask_agent(context, "trash.restore", wanted))


async def _find_restored(context: ToolContext, asked: RestoreFile) -> Entry | None:
    return await made_by(context)


async def _preview_restore(context: ToolContext, asked: RestoreFile) -> Preview:
    return preview_of(context, f"Put {asked.target or 'an entry of the trash'} back", asked.target or asked.trash_id)


async def _empty(context: ToolContext, asked: EmptyTrash) -> TrashEmptied:
    wanted: dict[str, JsonValue] = {"trash_id": asked.trash_id}
    return TrashEmptied.model_validate(await ask_agent(context, "trash.remove", wanted))


async def _preview_empty(context: ToolContext, asked: EmptyTrash) -> Preview:
    entries = [entry for entry in await _trash(context) if asked.trash_id in {None, entry.trash_id}]
    summary = f"Remove {len(entries)} entries of the trash for good"
    preview = preview_of(context, summary, *(entry.trash_id for entry in entries[:100]))
    return preview.model_copy(update={"details": tuple(entry.path for entry in entries[:100])})


async def _trash(context: ToolContext) -> list[Trashed]:
    answer = protocol.Trash.model_validate(await look_at_agent(context, "trash.list", {}))
    return [Trashed.model_validate(entry.model_dump()) for entry in answer.entries]


TOOLS: tuple[ToolSpec, ...] = (
    changing(
        timeout_s=120,
        name="trash_file",
        title="Move to the trash",
        description="Delete a file, a link or a directory in a way that restore_file can undo.",
        input=TrashFile,
        output=Trashed,
        idempotent=False,
        run=_put,
        preview=_preview_put,
        bind=_bind_put,
        reconcile=_find_trashed,
    ),
    changing(
        timeout_s=120,
        name="restore_file",
        title="Restore from the trash",
        description="Put back what trash_file deleted. Nothing is replaced.",
        input=RestoreFile,
        output=Entry,
        idempotent=False,
        for_models=False,
        run=_restore,
        preview=_preview_restore,
        reconcile=_find_restored,
    ),
    changing(
        timeout_s=120,
        name="empty_trash",
        title="Empty the trash",
        description="Remove what lies in the trash, or one entry of it, for good. It cannot be undone.",
        input=EmptyTrash,
        output=TrashEmptied,
        idempotent=True,
        for_models=False,
        run=_empty,
        preview=_preview_empty,
    ),
)

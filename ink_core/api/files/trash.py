"""What was deleted: listed, put back, removed for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.files.parts import Body, Reader, Writer, change
from ink_core.api.files.parts import Path as FilePath
from ink_core.api.idempotency import IdempotencyKey
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import FileEntry, TrashedEntry

router = Area(prefix="/api/v1/files/trash")
TrashId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class Restoring(Body):
    """`target`: another path than the one it had."""

    target: FilePath | None = None


class Emptied(Body):
    removed: int


@router.get("")
async def list_trash(principal: Reader, core: CoreParts) -> Sequence[TrashedEntry]:
    """Newest first."""
    return (await UserFiles(core.agents).trash(principal.username)).entries


@router.post("/{trash_id}/restore")
async def restore_from_trash(
    principal: Writer, core: CoreParts, trash_id: TrashId, body: Restoring, key: IdempotencyKey = None
) -> FileEntry:
    """Back to where it was, or to `target`; nothing is replaced."""
    wanted: dict[str, Any] = {"trash_id": trash_id, **body.model_dump(exclude_none=True)}
    return FileEntry.model_validate(await change(core, principal, "restore_file", wanted, key=key))


@router.delete("/{trash_id}")
async def remove_from_trash(
    principal: Writer, core: CoreParts, trash_id: TrashId, key: IdempotencyKey = None
) -> Emptied:
    """For good."""
    return Emptied.model_validate(await change(core, principal, "empty_trash", {"trash_id": trash_id}, key=key))


@router.delete("")
async def empty_trash(principal: Writer, core: CoreParts, key: IdempotencyKey = None) -> Emptied:
    """All of it, for good."""
    return Emptied.model_validate(await change(core, principal, "empty_trash", {}, key=key))

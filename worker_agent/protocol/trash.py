"""`trash.*`: what was deleted and can be put back."""

from __future__ import annotations

from pydantic import Field

from worker_agent.protocol.files import FileKind
from worker_agent.protocol.transfers import TransferId
from worker_agent.protocol.wire import Wire


class TrashPut(Wire):
    """Arguments of `trash.put`: moves an entry into the trash; a directory that holds something needs `recursive`.

    `expires_s` is how long it is kept. The result is a `TrashedEntry`.
    """

    trash_id: TransferId
    path: str
    recursive: bool = False
    expires_s: float = Field(gt=0, le=366 * 86400)


class TrashedEntry(Wire):
    """`path` is where it was. Times in seconds since the epoch; `size` is 0 of a directory."""

    trash_id: TransferId
    path: str
    kind: FileKind
    size: int
    deleted_at: float
    expires_at: float


class TrashList(Wire):
    """Arguments of `trash.list`; the result is `Trash`."""


class Trash(Wire):
    """Newest first."""

    entries: tuple[TrashedEntry, ...]


class TrashRestore(Wire):
    """Arguments of `trash.restore`: back to where it was, or to `target`; nothing is replaced. Result: `FileEntry`.

    By `made_id`, `files.made` tells later whether it was put in place.
    """

    trash_id: TransferId
    target: str | None = None
    made_id: TransferId | None = None


class TrashRemove(Wire):
    """Arguments of `trash.remove`: ends what is in the trash for good, all of it without an id."""

    trash_id: TransferId | None = None


class TrashRemoved(Wire):
    removed: int

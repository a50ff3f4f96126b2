"""What is asked of the user's agent about a storage."""

from __future__ import annotations

from pydantic import Field

from worker_agent.protocol import MAX_PIECE_BYTES, FileKind, Payload, Wire

LIST, STATUS, READ = "xrootd.list", "xrootd.status", "xrootd.read"


class OnStorage(Wire):
    """Arguments of `xrootd.list` and `xrootd.status`. `path` is absolute."""

    storage: str
    path: str = Field(min_length=1, max_length=4096)


class StorageEntry(Wire):
    """`modified` in seconds since the epoch."""

    name: str
    path: str
    kind: FileKind
    size: int
    modified: float


class StorageEntries(Wire):
    entries: tuple[StorageEntry, ...]


class ReadStorage(OnStorage):
    """Arguments of `xrootd.read`: so many bytes of a file that is `size` bytes long; the payload of `StoragePiece`."""

    offset: int = Field(ge=0)
    length: int = Field(ge=1, le=MAX_PIECE_BYTES)
    size: int = Field(ge=1)


class StoragePiece(Payload):
    offset: int

"""What is asked of the user's agent about a storage."""

from __future__ import annotations

from pydantic import Field

from worker_agent.protocol import MAX_PIECE_BYTES, FileKind, Payload, Wire

LIST, STATUS, READ = "xrootd.list", "xrootd.status", "xrootd.read"
PUT, MAKE_DIRECTORY, RENAME, REMOVE = "xrootd.put", "xrootd.mkdir", "xrootd.rename", "xrootd.remove"


class OnStorage(Wire):
    """Arguments of `xrootd.list`, `status`, `mkdir` and `remove`. `path` is absolute."""

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


class PutOnStorage(OnStorage):
    """Arguments of `xrootd.put`: the file is made of an upload without a path of its own, if it has these bytes."""

    upload_id: str = Field(pattern="^[0-9a-f]{32}$")
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    overwrite: bool = False


class RenameOnStorage(Wire):
    """Arguments of `xrootd.rename`; both absolute, on the one storage."""

    storage: str
    source: str = Field(min_length=1, max_length=4096)
    target: str = Field(min_length=1, max_length=4096)


class RemovedFromStorage(Wire):
    path: str

"""Bytes of files in and out: pieces that are read, archives that are made while they are read, and staged uploads."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from worker_agent.protocol.frames import Payload
from worker_agent.protocol.wire import Wire

MAX_PIECE_BYTES = 2 * 1024 * 1024
"""Raw bytes in one frame."""
MAX_FILE_BYTES = 2**53
"""What every JSON reader still takes as an exact integer."""
TransferId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FilesPull(Wire):
    """Arguments of `files.pull`: at most `length` bytes from `offset`.

    With `version`, the one of an earlier piece, a file that has changed since then is the fault `file_changed`.
    """

    path: str
    offset: int = Field(default=0, ge=0, le=MAX_FILE_BYTES)
    length: int = Field(default=MAX_PIECE_BYTES, ge=0, le=MAX_PIECE_BYTES)
    version: str | None = None


class FilePiece(Payload):
    """The bytes are the payload. `version` changes with the file; `size` is of the whole file in bytes."""

    path: str
    offset: int
    size: int
    modified: float
    version: str


class UploadBegin(Wire):
    """Arguments of `upload.begin`: makes room for `size` bytes beside the file `path`, or in the home without one.

    `expires_s` is how long the bytes are kept after the last of them came. The result is an `Upload`.
    """

    upload_id: TransferId
    path: str | None
    size: int = Field(ge=0, le=MAX_FILE_BYTES)
    overwrite: bool = False
    mode: int = Field(default=0o644, ge=0, le=0o777)
    expires_s: float = Field(gt=0, le=366 * 86400)


class Upload(Wire):
    """An upload as it is: `offset` bytes of `size` are staged. `sha256` is of all of them, once they are complete.

    `done`: it was committed, and `path` is the file. `expires_at` in seconds since the epoch.
    """

    upload_id: TransferId
    path: str | None
    size: int
    offset: int
    overwrite: bool
    mode: int
    expires_at: float
    sha256: str | None
    done: bool


class UploadList(Wire):
    """Arguments of `upload.list`; the result is `Uploads`."""


class Uploads(Wire):
    uploads: tuple[Upload, ...]


class UploadTarget(Wire):
    """Arguments of `upload.stat` and `upload.abort`; the result is the `Upload`.

    With `digest`, the SHA-256 of a complete upload is told, which takes time where it was not computed on the way.
    """

    upload_id: TransferId
    digest: bool = False


class UploadAppend(Payload):
    """Arguments of `upload.append`: the payload goes to `offset`, where the staged bytes end. Result: `Upload`.

    Bytes from `held_from` on count only after `upload.cut` behind them; until then whoever appends there replaces them.
    """

    upload_id: TransferId
    offset: int = Field(ge=0, le=MAX_FILE_BYTES)
    held_from: int | None = Field(default=None, ge=0, le=MAX_FILE_BYTES)


class UploadCut(Wire):
    """Arguments of `upload.cut`: what was staged before `offset` counts, the rest is dropped. Result: `Upload`.

    With `final`, nothing comes after it: the upload is as long as that, and not as it was announced.
    """

    upload_id: TransferId
    final: bool = False
    offset: int = Field(ge=0, le=MAX_FILE_BYTES)


class UploadJoin(Wire):
    """Arguments of `upload.join`: complete uploads, in this order, become one that is staged for `path`."""

    upload_id: TransferId
    parts: tuple[TransferId, ...] = Field(min_length=1, max_length=1000)
    path: str
    overwrite: bool = False
    mode: int = Field(default=0o644, ge=0, le=0o777)
    expires_s: float = Field(gt=0, le=366 * 86400)


class UploadCommit(Wire):
    """Arguments of `upload.commit`: the staged bytes become the file, if these are its path, size and digest.

    Committed twice, the second one is answered like the first. The result is a `FileEntry`.
    """

    upload_id: TransferId
    path: str
    size: int
    sha256: Sha256

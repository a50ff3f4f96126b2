"""`files.copy`, `files.made`, `files.mode`, `files.checksum` and `files.find`."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from worker_agent.protocol.files import FileKind
from worker_agent.protocol.listings import FileRow
from worker_agent.protocol.transfers import TransferId
from worker_agent.protocol.wire import Wire


class FilesCopy(Wire):
    """Arguments of `files.copy`: a file, a link or a directory tree; nothing is replaced. Result: `FileEntry`.

    By `made_id`, `files.made` tells later whether it was put in place.
    """

    source: str
    target: str
    made_id: TransferId | None = None


class FilesMade(Wire):
    """Arguments of `files.made`: what the operation with this id has put in place. Result: `FileEntry`."""

    made_id: TransferId


class FilesMode(Wire):
    """Arguments of `files.mode`: the permission bits of what the path leads to. Result: `FileEntry`."""

    path: str
    mode: int = Field(ge=0, le=0o777)


class ChecksumAlgorithm(StrEnum):
    SHA256 = "sha256"
    MD5 = "md5"
    ADLER32 = "adler32"


class FilesChecksum(Wire):
    """Arguments of `files.checksum`; the result is a `FileChecksum`."""

    path: str
    algorithm: ChecksumAlgorithm = ChecksumAlgorithm.SHA256


class FileChecksum(Wire):
    """`value` in hexadecimal digits; `version` as `files.pull` tells it."""

    path: str
    algorithm: ChecksumAlgorithm
    value: str
    size: int
    version: str


class FilesFind(Wire):
    """Arguments of `files.find`: entries below `path` whose name fits the pattern of a shell, in any case.

    A pattern without `*`, `?` and `[` is looked for anywhere in a name.
    """

    path: str = "."
    name: str = Field(min_length=1, max_length=255)
    kind: FileKind | None = None
    hidden: bool = False
    limit: int = Field(default=200, ge=1, le=1000)


class FilesMatched(Wire):
    """`complete`: everything below was looked at, and nothing that fits is left out."""

    entries: tuple[FileRow, ...]
    complete: bool

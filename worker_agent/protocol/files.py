"""`files.*`: paths are relative to the workspace, or absolute and inside it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from worker_agent.protocol.wire import MAX_READ_BYTES, Wire


class FileKind(StrEnum):
    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    OTHER = "other"


class FileEntry(Wire):
    """One directory entry or stat result. `size` in bytes, `modified` in seconds since the epoch (UTC)."""

    name: str
    path: str
    kind: FileKind
    size: int
    mode: int
    modified: float
    owner: str


class FilesList(Wire):
    """Arguments of `files.list`: entries sorted by name, `offset`/`limit` page through them."""

    path: str = "."
    hidden: bool = False
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=500, ge=1, le=10_000)


class FilesListed(Wire):
    path: str
    entries: tuple[FileEntry, ...]
    total: int


class FilesStat(Wire):
    """Arguments of `files.stat`; the result is a `FileEntry`."""

    path: str


class FilesRead(Wire):
    """Arguments of `files.read`: `length` bytes from `offset`."""

    path: str
    offset: int = Field(default=0, ge=0)
    length: int = Field(default=65536, ge=1, le=MAX_READ_BYTES)


class FileContent(Wire):
    """`content` is base64. `sha256` is of the whole file when this answer holds all of it, else None."""

    path: str
    offset: int
    size: int
    content: str
    eof: bool
    sha256: str | None


class FilesWrite(Wire):
    """Arguments of `files.write`: replaces the file atomically. `content` is base64.

    `expected_sha256` guards against a lost update: the digest of the version that the writer saw; None means the file
    may not exist yet unless `overwrite`. `mode` is that of a new file; a file that is replaced keeps its own.
    """

    path: str
    content: str
    expected_sha256: str | None = None
    overwrite: bool = False
    mode: int = Field(default=0o644, ge=0, le=0o777)


class FileWritten(Wire):
    path: str
    size: int
    sha256: str


class FilesDigest(Wire):
    """Arguments of `files.digest`; the result is a `FileDigest`."""

    path: str


class FileDigest(Wire):
    """One value that changes with the file, or with anything in a directory tree; None where there is nothing.

    `size` in bytes, of a tree the sum of its files; `entries` counts what is in a tree.
    """

    path: str
    sha256: str | None
    size: int
    entries: int


class FilesSearch(Wire):
    """Arguments of `files.search`: a literal or regular expression over the text files below `path`."""

    pattern: str = Field(min_length=1, max_length=1000)
    path: str = "."
    regex: bool = False
    limit: int = Field(default=100, ge=1, le=1000)


class SearchMatch(Wire):
    path: str
    line: int
    text: str


class FilesFound(Wire):
    matches: tuple[SearchMatch, ...]
    truncated: bool


class FilesMakeDirectory(Wire):
    """Arguments of `files.mkdir` (parents are made); the result is a `FileEntry`."""

    path: str


class FilesRemove(Wire):
    """Arguments of `files.remove`: a file, a link or, with `recursive`, a directory tree. Result: `FilesRemoved`."""

    path: str
    recursive: bool = False


class FilesRemoved(Wire):
    path: str


class FilesRename(Wire):
    """Arguments of `files.rename`: fails if the target exists; the result is a `FileEntry`."""

    source: str
    target: str


class DiskUse(Wire):
    """Arguments of `files.disk_use`; the result is `DiskUsage`."""

    path: str = "."


class DiskUsage(Wire):
    """`used_by_tree` counts at most `entries_limit` entries below the path; `complete` tells whether that was all."""

    path: str
    filesystem_total: int
    filesystem_free: int
    used_by_tree: int
    entries: int
    complete: bool

"""`files.*`: paths are relative to the workspace, or absolute and inside it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from worker_agent.protocol.transfers import TransferId
from worker_agent.protocol.wire import MAX_READ_BYTES, MAX_WRITE_BYTES, Wire


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
    """Arguments of `files.read`: `length` bytes from `offset`, or from the line `first_line` (1 is the first).

    `lines`: no more lines than that.
    """

    path: str
    offset: int = Field(default=0, ge=0)
    length: int = Field(default=65536, ge=1, le=MAX_READ_BYTES)
    first_line: int | None = Field(default=None, ge=1, le=2**53)
    lines: int | None = Field(default=None, ge=1, le=2**53)


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
    `made_id`: under which what the file held before is kept (`files.earlier`).
    """

    path: str
    content: str
    expected_sha256: str | None = None
    overwrite: bool = False
    mode: int = Field(default=0o644, ge=0, le=0o777)
    made_id: TransferId | None = None


class FilesEarlier(Wire):
    """Arguments of `files.earlier`: a file as it was before the operation with this id. Result: `EarlierVersion`."""

    made_id: TransferId
    path: str


class EarlierVersion(Wire):
    """`content` is base64, None where there was no file; `after_sha256` is of what the operation made of it."""

    path: str
    content: str | None
    after_sha256: str


class FileWritten(Wire):
    path: str
    size: int
    sha256: str


class PatchEdit(Wire):
    """One hunk: the one place where `old` stands in the file becomes `new`. An empty `old` makes a new file."""

    path: str
    old: str = Field(max_length=MAX_WRITE_BYTES)
    new: str = Field(max_length=MAX_WRITE_BYTES)


class FilesPatch(Wire):
    """Arguments of `files.patch`: all edits or none, one after the other; with `dry_run` none.

    `made_id`: under which it is noted (`files.made`) that the files were put in place, the last one for all of them,
    and what each of them held before is kept (`files.earlier`).
    """

    edits: tuple[PatchEdit, ...] = Field(min_length=1, max_length=200)
    dry_run: bool = False
    made_id: TransferId | None = None


class PatchProblem(StrEnum):
    FILE_MISSING = "file_missing"
    FILE_EXISTS = "file_exists"
    TEXT_MISSING = "text_missing"
    TEXT_REPEATED = "text_repeated"


class PatchConflict(Wire):
    """Why edit number `edit` (from 0) does not fit. `lines`: where `old`, or what looks like it (`near`), begins."""

    edit: int
    path: str
    problem: PatchProblem
    lines: tuple[int, ...] = ()
    near: str = ""


class PatchedFile(Wire):
    """A file after all its edits; `lines` are where they begin in it as it was before each."""

    path: str
    size: int
    sha256: str
    lines: tuple[int, ...]


class FilesPatched(Wire):
    """`applied`: whether the files are like that now. With any conflict nothing was changed."""

    applied: bool
    files: tuple[PatchedFile, ...]
    conflicts: tuple[PatchConflict, ...]


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
    """Arguments of `files.search`: a literal or regular expression over the text files below `path`.

    An empty pattern finds the files themselves, each in line 0.

    `glob`: only files of that name, or of that path where it has a slash. `context`: lines around each match.
    `everything`: also hidden files, and those that a `.gitignore` names.
    """

    pattern: str = Field(max_length=1000)
    path: str = "."
    regex: bool = False
    ignore_case: bool = False
    glob: str = Field(default="", max_length=1000)
    context: int = Field(default=0, ge=0, le=10)
    everything: bool = False
    limit: int = Field(default=100, ge=1, le=1000)


class SearchMatch(Wire):
    """`text` is the line that matches, `before` and `after` are the lines around it."""

    path: str
    line: int
    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


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

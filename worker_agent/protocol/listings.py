"""Directories page by page in any order, and all that is told of one entry."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from worker_agent.protocol.files import FileEntry
from worker_agent.protocol.frames import Payload
from worker_agent.protocol.wire import Wire


class FileOrder(StrEnum):
    NAME = "name"
    SIZE = "size"
    TIME = "time"


class FileRow(FileEntry):
    """An entry with what a listing shows beside it. `link` is the text of a symbolic link."""

    group: str
    link: str | None = None
    hidden: bool


class FilesPage(Wire):
    """Arguments of `files.page`: directories first, then the rest, each in the order that is asked for.

    `after` is the `next_cursor` of the page before: the next one goes on behind its last entry, whatever has changed.
    """

    path: str = "."
    hidden: bool = False
    order: FileOrder = FileOrder.NAME
    descending: bool = False
    after: str | None = Field(default=None, max_length=8192)
    limit: int = Field(default=500, ge=1, le=10_000)


class FilesPaged(Payload):
    """The payload is the page: a JSON list of `FileRow`, so that who passes it on need not read it.

    `total` counts what the directory holds, without hidden entries unless they were asked for.
    """

    path: str
    total: int
    next_cursor: str | None


class FilesStatus(Wire):
    """Arguments of `files.status`; the result is the `FileRow` of the entry itself, also where it is a link."""

    path: str

"""All entries of a directory, or of the tree below it, as the user's agent pages through them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from ink_core.errors import InkError
from ink_core.offload import offload
from ink_core.storage.user_files import UserFiles, entries_of
from worker_agent.protocol import FileKind, FileRow, FilesPage

MOST_ROWS = 100_000
PAGE = 10_000
ROW_BYTES = 150
"""Of a row as an agent writes it, about."""


class TooManyFiles(InkError):
    """More than one answer may hold; `/api/v1/files` lists page by page."""

    code = "too_many_files"
    http_status = 413


async def rows_below(files: UserFiles, user: str, path: str, *, recursive: bool, hidden: bool) -> Sequence[FileRow]:
    """Level by level, without following links. An unreadable directory is an error. Raises `TooManyFiles`."""
    found: list[FileRow] = []
    waiting = deque([path])
    while waiting:
        rows = await _rows_of(files, user, waiting.popleft(), hidden)
        found += rows
        if len(found) > MOST_ROWS:
            raise TooManyFiles(f"there are more than {MOST_ROWS} files below {path}; list a directory in it")
        if recursive:
            waiting.extend(row.path for row in rows if row.kind is FileKind.DIRECTORY)
    return found


async def _rows_of(files: UserFiles, user: str, path: str, hidden: bool) -> list[FileRow]:
    rows: list[FileRow] = []
    after: str | None = None
    while True:
        page = await files.page(user, FilesPage(path=path, hidden=hidden, limit=PAGE, after=after))
        more = await offload(lambda page=page: entries_of(page), len(page.payload) // ROW_BYTES)
        rows += more
        after = page.next_cursor
        if after is None or not more or len(rows) > MOST_ROWS:  # an agent of its user's may say anything
            return rows

"""A file as INK's pages read it."""

from __future__ import annotations

import posixpath
import stat
from datetime import UTC, datetime
from typing import Any

from ink_core.api.ink_rows.jobs import shown
from worker_agent.protocol import FileKind, FileRow

_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
_TYPES = {FileKind.DIRECTORY: "directory", FileKind.FILE: "file", FileKind.LINK: "link"}
_MODES = {FileKind.DIRECTORY: stat.S_IFDIR, FileKind.FILE: stat.S_IFREG, FileKind.LINK: stat.S_IFLNK}


def row_of(home: str, row: FileRow) -> dict[str, Any]:
    """`path` is absolute, `time` is UTC."""
    return {
        "type": _TYPES.get(row.kind, "other"),
        "permission": stat.filemode(_MODES.get(row.kind, 0) | row.mode),
        "user": row.owner,
        "group": row.group,
        "size": size_text(row.size),
        "time": shown(datetime.fromtimestamp(row.modified, UTC)),
        "path": posixpath.join(home, row.path),
    }


def size_text(size: int) -> str:
    """`4 KB`, `1.5 MB`: one decimal at most, in units of 1024."""
    if size < 1024:
        return f"{size} B"
    value, unit = float(size), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{round(value, 1):g} {_UNITS[unit]}"

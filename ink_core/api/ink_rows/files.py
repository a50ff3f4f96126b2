"""A file as INK's pages read it."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from functools import lru_cache
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
        "permission": _permission(row.kind, row.mode),
        "user": row.owner,
        "group": row.group,
        "size": size_text(row.size),
        "time": _time(row.modified // 1),
        "path": row.path if row.path[:1] == "/" else f"{home}/{row.path}",
    }


@lru_cache(maxsize=4096)
def _permission(kind: FileKind, mode: int) -> str:
    return stat.filemode(_MODES.get(kind, 0) | mode)


@lru_cache(maxsize=4096)
def _time(seconds: float) -> str:
    return shown(datetime.fromtimestamp(seconds, UTC))


@lru_cache(maxsize=4096)
def size_text(size: int) -> str:
    """`4 KB`, `1.5 MB`: one decimal at most, in units of 1024."""
    if size < 1024:
        return f"{size} B"
    value, unit = float(size), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{round(value, 1):g} {_UNITS[unit]}"

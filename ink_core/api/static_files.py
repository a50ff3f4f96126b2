"""Files of a folder that the product or a plugin brings, and nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastapi.responses import FileResponse, Response

from ink_core.errors import NotFound


def static_file(folder: Path, name: str, headers: Mapping[str, str]) -> Response:
    """The file of this name below the folder. Raises `NotFound`."""
    wanted = _existing(folder.resolve(), name)
    if wanted is None:
        raise NotFound("there is no such file")
    return FileResponse(wanted, headers=headers)


def _existing(root: Path, name: str) -> Path | None:
    try:
        wanted = (root / name).resolve()
        return wanted if wanted.is_relative_to(root) and wanted.is_file() else None
    except (OSError, ValueError):  # a name that no file system takes: too long, or with a NUL
        return None

"""The directory that holds all state: there, private, writable and with room before anything is opened in it.

It also tells the commands beside a manager where that one is: the file `address`, of the manager that started last.

Limits: a quota that the file system does not tell shows at the first write only.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ink_core.errors import CannotServe
from ink_core.settings import Settings

ADDRESS_FILE = "address"
ROOM_BYTES = 32 * 1024 * 1024
"""With less the first day of work would end on a full disk."""


def prepare(directory: Path) -> None:
    """Make the directory if need be. Raises `CannotServe`."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotServe(
            f"the data directory {directory} cannot be made ({error.strerror}); set INK_DATA_DIR to another one"
        ) from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise CannotServe(
            f"the data directory {directory} cannot be written by this user; change its owner or set INK_DATA_DIR"
        )


def write_address(directory: Path, url: str) -> None:
    (directory / ADDRESS_FILE).write_text(f"{url}\n")


def address_of(settings: Settings) -> str:
    """Where the manager of this installation is: it may have been started with another port than these settings."""
    try:
        return (settings.data_dir / ADDRESS_FILE).read_text().strip() or settings.public_url
    except OSError:
        return settings.public_url


def check_room(directory: Path, least_bytes: int = ROOM_BYTES) -> None:
    """Raises `CannotServe` on a disk that is all but full."""
    free = shutil.disk_usage(directory).free
    if free < least_bytes:
        raise CannotServe(
            f"the disk of the data directory {directory} is full: {free >> 20} MiB are free and "
            f"{least_bytes >> 20} MiB are needed to start; make room or set INK_DATA_DIR to a directory on another disk"
        )

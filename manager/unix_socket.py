"""A unix socket to listen on, for a proxy on this machine: its folder and its mode say who may open it."""

from __future__ import annotations

import socket
import stat
from contextlib import suppress
from pathlib import Path

from ink_core.errors import CannotServe

MODE = 0o660
"""For the manager's user, and for the group of the folder where that is set-group-ID."""


def bind_unix(path: Path) -> socket.socket:
    """What a manager that was killed has left is taken away. Raises `CannotServe`, also where one is listening."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _take_away(path)
        listening.bind(str(path))
        path.chmod(MODE)
    except OSError as error:
        listening.close()
        raise CannotServe(f"cannot listen on {path}: {error.strerror or error}; check server.socket") from error
    except CannotServe:
        listening.close()
        raise
    return listening


def _take_away(path: Path) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise CannotServe(f"{path} is there and is no socket; check server.socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
            if asking.connect_ex(str(path)) == 0:
                raise CannotServe(f"{path} is in use; stop the other program or set INK_SERVER__SOCKET to another one")
        path.unlink()

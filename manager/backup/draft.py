"""Folders in which an archive is made or unpacked, beside its place. They hold what it holds, so none may stay behind:
one goes with the command that made it, or, where that was killed, when the next one makes its own there.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from ink_core.compute.processes import identity, is_alive

OF_OTHER_HOSTS_S = 7 * 86_400.0
"""Whether a process of another host still runs cannot be seen from here; after so long its folder is taken for left."""
_PREFIX = ".ink-backup-draft~"
_NAME = re.compile(rf"{re.escape(_PREFIX)}(?P<host>[^~]+)~(?P<maker>[^~:]+:\d+:\d+)~[^~]+")


@contextmanager
def draft_folder(place: Path) -> Generator[Path]:
    """A folder of this user alone in `place`, for the time of the block. Raises `OSError`."""
    for left in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another command is faster, or it is not ours to remove
            if _is_left(left):
                shutil.rmtree(left)
    maker = f"{_PREFIX}{platform.node()}~{identity(os.getpid())}~"
    with tempfile.TemporaryDirectory(prefix=maker, dir=place) as folder:
        yield Path(folder)


def _is_left(folder: Path) -> bool:
    """Whether it is a folder of this user whose command is over."""
    named, status = _NAME.fullmatch(folder.name), folder.lstat()
    if named is None or not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        return False
    if named["host"] == platform.node():
        return not is_alive(named["maker"])
    return time.time() - status.st_mtime > OF_OTHER_HOSTS_S

"""The collector's folder on the node: its own, and of one collector at a time."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from joblens.collector.config import ConfigInvalid

_LOCK = "collector.lock"


@contextmanager
def own_folder(folder: Path) -> Generator[Path]:
    """Made where it is not there. Two collectors in one folder would overwrite each other's batches.

    Raises `ConfigInvalid` for one that somebody else has prepared, as in `/tmp`, and where another collector runs.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid() or seen.st_mode & 0o022:
        raise ConfigInvalid(f"state_dir {folder} is a link, or others than the collector own it or may write to it")
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, folder)
        yield folder
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    """By POSIX's kind of lock, which no child process takes over: with the collector it is gone."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ConfigInvalid(f"a collector runs with state_dir {folder} already: stop that one first") from None

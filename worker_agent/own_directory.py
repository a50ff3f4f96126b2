"""`.ink` in the workspace: where the agent keeps what belongs to nobody else, readable by its user only.

Limits: ordinary files of the user, who may remove them; what depends on them then says so.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Generator
from contextlib import contextmanager

from worker_agent.protocol import MAX_WRITE_BYTES
from worker_agent.sandbox import OWN, Sandbox

_MAX_RECORD = 64 * 1024


@contextmanager
def own_directory(sandbox: Sandbox, name: str) -> Generator[int]:
    """A descriptor of `.ink/NAME`, which is made where it is missing."""
    with sandbox.open(".", os.O_RDONLY | os.O_DIRECTORY) as root:
        _make(root, OWN)
    with sandbox.open(OWN, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW) as own:
        _make(own, name)
    with sandbox.open(f"{OWN}/{name}", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, own=True) as directory:
        yield directory


def read_record(directory: int, name: str) -> bytes:
    """The whole of a small file. Raises FileNotFoundError."""
    return read_whole(directory, name, _MAX_RECORD)


def read_whole(directory: int, name: str, most: int = MAX_WRITE_BYTES + _MAX_RECORD) -> bytes:
    """The same of one that holds what a write may hold."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with open(os.open(name, flags, dir_fd=directory), "rb") as file:
        return file.read(most)


def write_record(directory: int, name: str, content: bytes) -> None:
    """Replace a small file in one step."""
    temporary = f".{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(temporary, flags, 0o600, dir_fd=directory), "wb") as file:
            file.write(content)
        os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        _forget(directory, temporary)
        raise


def umask() -> int:
    """Of this process; read without changing it, since threads share it. See proc(5)."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        found = re.search(r"^Umask:\s*([0-7]+)$", file.read(), re.MULTILINE)
    return int(found[1], 8) if found else stat.S_IWGRP | stat.S_IWOTH


def _make(directory: int, name: str) -> None:
    try:
        os.mkdir(name, 0o700, dir_fd=directory)
    except FileExistsError:
        return


def _forget(directory: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=directory)
    except FileNotFoundError:
        return

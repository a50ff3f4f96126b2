"""`files.copy` and `files.mode`.

A copy is made under a hidden name beside the target and renamed when it is whole, so that no half of one is ever seen.
Links are copied as links, and never followed below the source.

Limits: blocking, so it runs in threads; bounded in entries, depth and time. Sockets, pipes and devices are refused.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

from worker_agent.faults import fault, from_os_error
from worker_agent.files import entry_of, remove_tree
from worker_agent.made import noted
from worker_agent.names import to_wire
from worker_agent.protocol import FileEntry, FilesCopy, FilesMode
from worker_agent.renaming import rename_noreplace
from worker_agent.sandbox import Sandbox

MAX_ENTRIES = 100_000
MAX_DEPTH = 100
_PIECE = 16 * 1024 * 1024
_NOT_HERE = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF})


class _Budget:
    """What one copy may take. `until` is on the monotonic clock."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._entries = 0

    def entry(self, depth: int) -> None:
        self._entries += 1
        if self._entries > MAX_ENTRIES or depth > MAX_DEPTH:
            said = f"It holds more than {MAX_ENTRIES} entries or {MAX_DEPTH} levels; copy parts of it, or run a job."
            raise fault("too_large", said)
        self.time()

    def time(self) -> None:
        if time.monotonic() > self._until:
            raise fault("too_slow", "The copy takes longer than a call may; copy it with a command or a job.")


def copy(sandbox: Sandbox, arguments: FilesCopy, *, until: float) -> FileEntry:
    source, target = sandbox.relative(arguments.source), sandbox.relative(arguments.target)
    if target == source or target.startswith(f"{source}/"):
        raise fault("bad_arguments", f"{arguments.target} lies in what is copied; choose another place.")
    with sandbox.entry(source) as (origin, name), sandbox.entry(target) as (directory, new):
        temporary = f".ink-copy-{secrets.token_hex(8)}"
        try:
            _copy(origin, name, directory, temporary, _Budget(until), 0)
            with noted(sandbox, arguments.made_id, target, directory, temporary):
                rename_noreplace(directory, temporary, directory, new)
        except FileExistsError as error:
            raise from_os_error(error, arguments.target) from error
        finally:
            _discard(directory, temporary)
        return entry_of(target, os.stat(new, dir_fd=directory, follow_symlinks=False))


def set_mode(sandbox: Sandbox, arguments: FilesMode) -> FileEntry:
    path = sandbox.relative(arguments.path)
    with sandbox.open(path, os.O_PATH) as descriptor:
        os.chmod(f"/proc/self/fd/{descriptor}", arguments.mode)
        return entry_of(path, os.fstat(descriptor))


def _copy(origin: int, name: str, directory: int, new: str, budget: _Budget, depth: int) -> None:
    budget.entry(depth)
    mode = os.stat(name, dir_fd=origin, follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        os.symlink(os.readlink(name, dir_fd=origin), new, dir_fd=directory)
    elif stat.S_ISDIR(mode):
        _copy_directory(origin, name, directory, new, budget, depth)
    elif stat.S_ISREG(mode):
        _copy_file(origin, name, directory, new, budget)
    else:
        raise fault("not_a_file", f"{to_wire(name)} is neither a file nor a directory and cannot be copied.")


def _copy_directory(origin: int, name: str, directory: int, new: str, budget: _Budget, depth: int) -> None:
    os.mkdir(new, 0o700, dir_fd=directory)
    with (
        _opened(name, os.O_RDONLY | os.O_DIRECTORY, origin) as source,
        _opened(new, os.O_RDONLY | os.O_DIRECTORY, directory) as target,
    ):
        for child in os.listdir(source):
            _copy(source, child, target, child, budget, depth + 1)
        os.fchmod(target, os.fstat(source).st_mode & 0o777)


def _copy_file(origin: int, name: str, directory: int, new: str, budget: _Budget) -> None:
    with (
        _opened(name, os.O_RDONLY | os.O_NONBLOCK, origin) as source,
        _opened(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, directory) as target,
    ):
        while _copy_piece(source, target):
            budget.time()
        os.fchmod(target, os.fstat(source).st_mode & 0o777)


def _copy_piece(source: int, target: int) -> bool:
    """Whether there was more; both descriptors stand behind it. The kernel copies, where it can."""
    try:
        return os.copy_file_range(source, target, _PIECE) > 0
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise
    rest = memoryview(os.read(source, _PIECE))
    more = bool(rest)
    while rest:
        rest = rest[os.write(target, rest) :]
    return more


@contextmanager
def _opened(name: str, flags: int, directory: int) -> Generator[int]:
    descriptor = os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=directory)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _discard(directory: int, name: str) -> None:
    """What is left of a copy that failed; after one that did not, nothing is there."""
    with suppress(FileNotFoundError):
        if stat.S_ISDIR(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode):
            remove_tree(directory, name)
        else:
            os.unlink(name, dir_fd=directory)

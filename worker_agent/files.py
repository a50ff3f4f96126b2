"""The `files.*` methods that look at, make, move and remove entries, all relative to directory descriptors.

Limits: blocking, so it runs in threads. Names are text on the wire as `names` says.
"""

from __future__ import annotations

import base64
import errno
import functools
import hashlib
import os
import pwd
import stat
from collections.abc import Iterator
from itertools import islice

from worker_agent.faults import fault, from_os_error
from worker_agent.line_ranges import first_lines, line_offset
from worker_agent.names import to_wire
from worker_agent.protocol import (
    FileContent,
    FileEntry,
    FileKind,
    FilesList,
    FilesListed,
    FilesMakeDirectory,
    FilesRead,
    FilesRemove,
    FilesRemoved,
    FilesRename,
    FilesStat,
)
from worker_agent.renaming import rename_noreplace
from worker_agent.sandbox import Sandbox

MAX_DIRECTORY_ENTRIES = 200_000


def list_directory(sandbox: Sandbox, arguments: FilesList) -> FilesListed:
    path = sandbox.relative(arguments.path)
    with sandbox.open(path, os.O_RDONLY | os.O_DIRECTORY) as directory:
        names = _names(directory, arguments.path, hidden=arguments.hidden)
        page = names[arguments.offset : arguments.offset + arguments.limit]
        return FilesListed(path=to_wire(path), entries=tuple(_entries(directory, path, page)), total=len(names))


def stat_path(sandbox: Sandbox, arguments: FilesStat) -> FileEntry:
    """What the path leads to; a link that leads nowhere or outside is described itself."""
    path = sandbox.relative(arguments.path)
    try:
        with sandbox.open(path, os.O_PATH) as descriptor:
            return entry_of(path, os.fstat(descriptor))
    except OSError as error:
        if error.errno not in {errno.ENOENT, errno.EXDEV, errno.ELOOP}:
            raise
    with sandbox.entry(path) as (directory, name):
        return entry_of(path, os.stat(name, dir_fd=directory, follow_symlinks=False))


def read_range(sandbox: Sandbox, arguments: FilesRead) -> FileContent:
    path = sandbox.relative(arguments.path)
    with sandbox.open(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:
        size = regular(os.fstat(descriptor), arguments.path).st_size
        offset = _beginning(descriptor, arguments)
        data = first_lines(read_bytes(descriptor, offset, arguments.length), arguments.lines)
        if not data and offset < size:
            raise fault("conflict", f"{arguments.path} was shortened while it was read; read it again.", retryable=True)
    whole = offset == 0 and len(data) >= size
    return FileContent(
        path=to_wire(path),
        offset=offset,
        size=max(size, offset + len(data)) if data else size,
        content=base64.b64encode(data).decode(),
        eof=offset + len(data) >= size,
        sha256=hashlib.sha256(data).hexdigest() if whole else None,
    )


def _beginning(descriptor: int, arguments: FilesRead) -> int:
    if arguments.first_line is None:
        return arguments.offset
    return line_offset(descriptor, arguments.first_line, arguments.path)


def make_directory(sandbox: Sandbox, arguments: FilesMakeDirectory) -> FileEntry:
    path = sandbox.relative(arguments.path)
    made = ""
    for name in path.split("/"):
        parent, made = made or ".", os.path.join(made, name)
        with sandbox.open(parent, os.O_PATH | os.O_DIRECTORY) as directory:
            _make_one(sandbox, directory, name, made)
    with sandbox.open(path, os.O_PATH | os.O_DIRECTORY) as descriptor:
        return entry_of(path, os.fstat(descriptor))


def _make_one(sandbox: Sandbox, directory: int, name: str, path: str) -> None:
    sandbox.check_reserved(directory, name)
    try:
        if name != ".":
            os.mkdir(name, 0o755, dir_fd=directory)
    except FileExistsError:
        with sandbox.open(path, os.O_PATH | os.O_DIRECTORY):
            return


def remove(sandbox: Sandbox, arguments: FilesRemove) -> FilesRemoved:
    path = sandbox.relative(arguments.path)
    with sandbox.entry(path) as (directory, name):
        found = os.stat(name, dir_fd=directory, follow_symlinks=False)
        if not stat.S_ISDIR(found.st_mode):
            os.unlink(name, dir_fd=directory)
        elif arguments.recursive:
            remove_tree(directory, name)
        else:
            os.rmdir(name, dir_fd=directory)
    return FilesRemoved(path=to_wire(path))


def remove_tree(directory: int, name: str) -> None:
    import shutil  # with its compression modules almost 1 MB, and seldom needed

    shutil.rmtree(name, dir_fd=directory)


def rename(sandbox: Sandbox, arguments: FilesRename) -> FileEntry:
    path = sandbox.relative(arguments.target)
    with sandbox.entry(sandbox.relative(arguments.source)) as (source, old), sandbox.entry(path) as (target, new):
        os.stat(old, dir_fd=source, follow_symlinks=False)
        try:
            rename_noreplace(source, old, target, new)
        except FileExistsError as error:
            raise from_os_error(error, arguments.target) from error
        except OSError as error:
            if error.errno == errno.EXDEV:
                raise fault("cross_device", "Source and target are on different file systems; copy instead.") from error
            raise
        return entry_of(path, os.stat(new, dir_fd=target, follow_symlinks=False))


def _names(directory: int, path: str, *, hidden: bool) -> list[str]:
    with os.scandir(directory) as entries:
        wanted = (entry.name for entry in entries if hidden or not entry.name.startswith("."))
        names = list(islice(wanted, MAX_DIRECTORY_ENTRIES + 1))
    if len(names) > MAX_DIRECTORY_ENTRIES:
        raise fault("too_large", f"{path} holds more than {MAX_DIRECTORY_ENTRIES} entries; list a directory below it.")
    return sorted(names)


def _entries(directory: int, path: str, names: list[str]) -> Iterator[FileEntry]:
    for name in names:
        try:
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:  # removed since it was listed
            continue
        yield entry_of(name if path == "." else f"{path}/{name}", status)


def read_bytes(descriptor: int, offset: int, length: int) -> bytes:
    pieces: list[bytes] = []
    while length and (piece := os.pread(descriptor, length, offset)):
        pieces.append(piece)
        offset, length = offset + len(piece), length - len(piece)
    return b"".join(pieces)


def regular(status: os.stat_result, path: str) -> os.stat_result:
    if stat.S_ISDIR(status.st_mode):
        raise fault("is_a_directory", f"{path} is a directory; list it or name a file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise fault("not_a_file", f"{path} is not a regular file.")
    return status


def entry_of(path: str, status: os.stat_result) -> FileEntry:
    return FileEntry(
        name=to_wire(os.path.basename(path)),
        path=to_wire(path),
        kind=kind_of(status.st_mode),
        size=status.st_size,
        mode=stat.S_IMODE(status.st_mode),
        modified=status.st_mtime,
        owner=user_name(status.st_uid),
    )


def kind_of(mode: int) -> FileKind:
    if stat.S_ISREG(mode):
        return FileKind.FILE
    if stat.S_ISDIR(mode):
        return FileKind.DIRECTORY
    return FileKind.LINK if stat.S_ISLNK(mode) else FileKind.OTHER


@functools.lru_cache(maxsize=256)
def user_name(uid: int) -> str:
    """The account name, or the number where the node does not know the account."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)

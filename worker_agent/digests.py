"""`files.digest`: one value that changes when a file, or anything in a directory tree, does.

Of a file it is the SHA-256 of its content. Of a directory it is the SHA-256 over one line for each entry below it,
sorted: kind, size, time of change in nanoseconds and path; contents are not read.

Limits: bounded in bytes and entries; a link is its target's content, and below a directory its own text.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator

from worker_agent.faults import fault
from worker_agent.names import to_wire
from worker_agent.protocol import FileDigest, FilesDigest
from worker_agent.sandbox import Sandbox

MAX_BYTES = 1024 * 1024 * 1024
MAX_ENTRIES = 100_000
_PIECE = 1024 * 1024


def digest_path(sandbox: Sandbox, arguments: FilesDigest) -> FileDigest:
    path = sandbox.relative(arguments.path)
    try:
        with sandbox.open(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:
            return _digest(descriptor, to_wire(path))
    except FileNotFoundError:
        return FileDigest(path=to_wire(path), sha256=None, size=0, entries=0)


def _digest(descriptor: int, path: str) -> FileDigest:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        return _of_tree(descriptor, path)
    if not stat.S_ISREG(status.st_mode):
        raise fault("not_a_file", f"{path} is neither a regular file nor a directory.")
    if status.st_size > MAX_BYTES:
        raise fault("too_large", f"{path} is larger than {MAX_BYTES} bytes and cannot be bound to an approval.")
    digest = hashlib.sha256()
    offset = 0
    while piece := os.pread(descriptor, _PIECE, offset):
        digest.update(piece)
        offset += len(piece)
    return FileDigest(path=path, sha256=digest.hexdigest(), size=offset, entries=0)


def _of_tree(descriptor: int, path: str) -> FileDigest:
    lines: list[bytes] = []
    size = 0
    for line, bytes_below in _lines(descriptor):
        lines.append(line)
        size += bytes_below
        if len(lines) > MAX_ENTRIES:
            raise fault("too_large", f"{path} holds more than {MAX_ENTRIES} entries; name a directory below it.")
    digest = hashlib.sha256(b"".join(sorted(lines))).hexdigest()
    return FileDigest(path=path, sha256=digest, size=size, entries=len(lines))


def _lines(descriptor: int) -> Iterator[tuple[bytes, int]]:
    for folder, folders, files, directory in os.fwalk(".", dir_fd=descriptor):
        for name in (*folders, *files):
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
            kind = stat.S_IFMT(status.st_mode)
            changed = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
            size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
            yield b"%o %d %d %s\0" % (kind, size, changed, os.fsencode(os.path.join(folder, name))), size

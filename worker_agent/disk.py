"""`files.disk_use`: how full the file system is and what a tree takes of it.

Limits: counts allocated blocks; a file with several names counts each time; stops at a number of entries or when the
call's time is nearly over, and says so.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress

from worker_agent.names import to_wire
from worker_agent.protocol import DiskUsage, DiskUse
from worker_agent.sandbox import Sandbox

ENTRIES_LIMIT = 200_000


def disk_use(sandbox: Sandbox, arguments: DiskUse, *, until: float, entries_limit: int = ENTRIES_LIMIT) -> DiskUsage:
    """`until` is on the monotonic clock."""
    path = sandbox.relative(arguments.path)
    with sandbox.open(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:
        space = os.fstatvfs(descriptor)
        used, entries, complete = tree_size(descriptor, until, entries_limit)
    return DiskUsage(
        path=to_wire(path),
        filesystem_total=space.f_blocks * space.f_frsize,
        filesystem_free=space.f_bavail * space.f_frsize,
        used_by_tree=used,
        entries=entries,
        complete=complete,
    )


def tree_size(top: int, until: float, entries_limit: int) -> tuple[int, int, bool]:
    """Allocated bytes and entries below an open directory (or of a file), and whether that was all."""
    used, entries = os.fstat(top).st_blocks * 512, 0
    if not os.path.isdir(top):
        return used, entries, True
    for _, directories, files, descriptor in os.fwalk(".", dir_fd=top):
        for name in (*directories, *files):
            if entries >= entries_limit or time.monotonic() > until:
                return used, entries, False
            entries += 1
            with suppress(FileNotFoundError):
                used += os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_blocks * 512
    return used, entries, True

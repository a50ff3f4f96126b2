"""`files.find`: entries of a tree by their names.

Limits: blocking, so it runs in threads; ends at a number of results or entries, or when the call's time is nearly over,
and says so. Links are found and not followed.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import time

from worker_agent.files import kind_of
from worker_agent.listing import row_at
from worker_agent.names import from_wire
from worker_agent.protocol import FileRow, FilesFind, FilesMatched
from worker_agent.sandbox import OWN, Sandbox

MAX_ENTRIES = 1_000_000


def find(sandbox: Sandbox, arguments: FilesFind, *, until: float) -> FilesMatched:
    top = sandbox.relative(arguments.path)
    fits = _pattern(from_wire(arguments.name))
    found: list[FileRow] = []
    seen = 0
    with sandbox.open(top, os.O_RDONLY | os.O_DIRECTORY) as descriptor:
        for folder, folders, files, directory in os.fwalk(".", dir_fd=descriptor):
            folders[:] = sorted(name for name in folders if _shown(name, arguments.hidden))
            for name in (*folders, *sorted(files)):
                seen += 1
                if seen > MAX_ENTRIES or time.monotonic() > until:
                    return FilesMatched(entries=tuple(found), complete=False)
                if not (_shown(name, arguments.hidden) and fits.match(name)):
                    continue
                if row := _row(directory, os.path.normpath(os.path.join(top, folder, name)), arguments):
                    if len(found) == arguments.limit:
                        return FilesMatched(entries=tuple(found), complete=False)
                    found.append(row)
    return FilesMatched(entries=tuple(found), complete=True)


def _pattern(name: str) -> re.Pattern[str]:
    glob = name if set("*?[") & set(name) else f"*{name}*"
    return re.compile(fnmatch.translate(glob), re.IGNORECASE)


def _shown(name: str, hidden: bool) -> bool:
    return name != OWN and (hidden or not name.startswith("."))


def _row(directory: int, path: str, arguments: FilesFind) -> FileRow | None:
    try:
        mode = os.stat(os.path.basename(path), dir_fd=directory, follow_symlinks=False).st_mode
        if arguments.kind is not None and kind_of(stat.S_IFMT(mode)) is not arguments.kind:
            return None
        return row_at(directory, path)
    except FileNotFoundError:  # removed meanwhile
        return None

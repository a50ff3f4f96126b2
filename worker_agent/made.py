"""`files.made`: what an operation has put in place, also after the agent ended in the middle of it.

Before an entry gets its name, its device and inode are noted in `.ink/made` under the id of what made it. So whoever
asks later is not told of another entry that came to be at the same path.

Limits: blocking, so it runs in threads. The latest notes are kept, and not flushed to disk by themselves.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress

from pydantic import ValidationError

from worker_agent.faults import fault
from worker_agent.files import entry_of
from worker_agent.names import to_wire
from worker_agent.own_directory import own_directory, read_record, write_record
from worker_agent.protocol import FileEntry, FilesMade, Wire
from worker_agent.sandbox import Sandbox

MAX_KEPT = 1000


class _Note(Wire):
    path: str
    file: tuple[int, int]


@contextmanager
def noted(sandbox: Sandbox, made_id: str | None, path: str, directory: int, name: str) -> Generator[None]:
    """`name` in `directory` is about to become `path`, in the block; where that fails, it made nothing."""
    if made_id is None:
        yield
        return
    status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    note = _Note(path=to_wire(path), file=(status.st_dev, status.st_ino))
    with own_directory(sandbox, "made") as kept:
        _make_room(kept)
        write_record(kept, made_id, note.model_dump_json().encode())
    try:
        yield
    except BaseException:
        with own_directory(sandbox, "made") as kept:
            _drop(kept, made_id)
        raise


def made(sandbox: Sandbox, arguments: FilesMade) -> FileEntry:
    try:
        with own_directory(sandbox, "made") as kept:
            note = _Note.model_validate_json(read_record(kept, arguments.made_id))
    except (FileNotFoundError, ValidationError):
        raise fault("not_found", "No operation with this id has made anything here.") from None
    path = sandbox.relative(note.path)
    with suppress(FileNotFoundError, NotADirectoryError), sandbox.entry(path) as (directory, name):
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
        if (status.st_dev, status.st_ino) == note.file:
            return entry_of(path, status)
    raise fault("made_elsewhere", f"What was made is not at {note.path}; it was moved, or never got there.")


def _make_room(kept: int) -> None:
    with os.scandir(kept) as entries:
        found = [(entry.stat(follow_symlinks=False).st_mtime_ns, entry.name) for entry in entries]
    for _, name in sorted(found)[: max(0, len(found) - MAX_KEPT + 1)]:
        _drop(kept, name)


def _drop(kept: int, name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=kept)

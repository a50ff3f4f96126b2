"""`trash.*`: deleting moves an entry to `.ink/trash`, from where it can be put back until it expires.

Each entry lies in a directory of its own, beside a record of where it was. The record is written first, so a crash
leaves nothing that cannot be named. What is removed for good is first renamed, so that nobody puts half of it back.

Limits: blocking, so it runs in threads. What lies in the trash still counts against the quota. Trash and entry must be
on one file system.
"""

from __future__ import annotations

import errno
import math
import os
import re
import stat
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

from pydantic import ValidationError

from worker_agent.faults import fault, from_os_error
from worker_agent.files import entry_of, kind_of, remove_tree
from worker_agent.made import noted
from worker_agent.names import from_wire, to_wire
from worker_agent.own_directory import own_directory, read_record, write_record
from worker_agent.protocol import (
    FileEntry,
    PackError,
    Trash,
    TrashedEntry,
    TrashList,
    TrashPut,
    TrashRemove,
    TrashRemoved,
    TrashRestore,
)
from worker_agent.renaming import rename_noreplace
from worker_agent.sandbox import OWN, Sandbox

MAX_ENTRIES = 10_000
_ENTRY, _RECORD, _GONE = "entry", "record.json", ".gone"
_TRASH_ID = re.compile("[0-9a-f]{32}")


class TrashBin:
    """The trash of this workspace. Of each entry that was seen only the expiry is remembered, which never changes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._expiries: dict[str, float] = {}
        self._lock = threading.Lock()

    def put(self, arguments: TrashPut) -> TrashedEntry:
        path = self._sandbox.relative(arguments.path)
        with self._sandbox.entry(path) as (directory, name):
            if self._sweep() >= MAX_ENTRIES:
                raise fault("trash_full", f"The trash holds {MAX_ENTRIES} entries; empty it, or remove this for good.")
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode) and not arguments.recursive:
                _check_empty(directory, name)
            trashed = TrashedEntry(
                trash_id=arguments.trash_id,
                path=to_wire(path),
                kind=kind_of(status.st_mode),
                size=0 if stat.S_ISDIR(status.st_mode) else status.st_size,
                deleted_at=time.time(),
                expires_at=time.time() + arguments.expires_s,
            )
            self._move_in(trashed, directory, name)
        return trashed

    def listed(self, arguments: TrashList) -> Trash:
        self._sweep()
        found = sorted(self._all(), key=lambda entry: entry.deleted_at, reverse=True)
        return Trash(entries=tuple(found[:MAX_ENTRIES]))

    def restore(self, arguments: TrashRestore) -> FileEntry:
        trashed = self._known(arguments.trash_id)
        path = self._sandbox.relative(arguments.target or trashed.path)
        with self._sandbox.entry(path) as (target, name), self._place(trashed.trash_id) as place:
            try:
                with noted(self._sandbox, arguments.made_id, path, place, _ENTRY):
                    rename_noreplace(place, _ENTRY, target, name)
            except FileExistsError as error:
                raise from_os_error(error, to_wire(path)) from error
            status = os.stat(name, dir_fd=target, follow_symlinks=False)
        self._drop(trashed.trash_id)
        return entry_of(path, status)

    def remove(self, arguments: TrashRemove) -> TrashRemoved:
        if arguments.trash_id is not None:
            self._drop(self._known(arguments.trash_id).trash_id)
            return TrashRemoved(removed=1)
        entries = self._all()
        for entry in entries:
            self._drop(entry.trash_id)
        return TrashRemoved(removed=len(entries))

    def _move_in(self, trashed: TrashedEntry, directory: int, name: str) -> None:
        with own_directory(self._sandbox, "trash") as trash:
            os.mkdir(trashed.trash_id, 0o700, dir_fd=trash)
        try:
            with self._place(trashed.trash_id) as place:
                write_record(place, _RECORD, trashed.model_dump_json().encode())
                rename_noreplace(directory, name, place, _ENTRY)
        except OSError as error:
            self._drop(trashed.trash_id)
            if error.errno == errno.EXDEV:
                said = f"{trashed.path} is on another file system than the trash; remove it for good, or move it first."
                raise fault("cross_device", said) from error
            raise

    def _known(self, trash_id: str) -> TrashedEntry:
        try:
            with self._place(trash_id) as place:
                os.stat(_ENTRY, dir_fd=place, follow_symlinks=False)
                found = TrashedEntry.model_validate_json(read_record(place, _RECORD))
        except (FileNotFoundError, NotADirectoryError, ValidationError):
            found = None
        if found is None or found.trash_id != trash_id:
            raise fault("not_found", "The trash holds no such entry; it was put back, removed, or has expired.")
        return found

    def _ids(self) -> list[str]:
        with own_directory(self._sandbox, "trash") as trash:
            return [name for name in os.listdir(trash) if _TRASH_ID.fullmatch(name)]

    def _all(self) -> list[TrashedEntry]:
        found: list[TrashedEntry] = []
        for trash_id in self._ids():
            with suppress(PackError):
                found.append(self._known(trash_id))
        return found

    def _sweep(self) -> int:
        """Drop what has expired, and what was being removed when the agent ended; how many entries are left."""
        with self._lock:
            self._expiries = {trash_id: self._expiry(trash_id) for trash_id in self._ids()}
            expired = [trash_id for trash_id, until in self._expiries.items() if until <= time.time()]
        with own_directory(self._sandbox, "trash") as trash:
            for trash_id in expired:
                _retire(trash, trash_id)
            for name in os.listdir(trash):
                if name.endswith(_GONE):
                    with suppress(OSError):  # tried again by the next sweep
                        remove_tree(trash, name)
        return len(self._expiries) - len(expired)

    def _expiry(self, trash_id: str) -> float:
        """Of what has no record yet, or none of its own, none is known."""
        if (known := self._expiries.get(trash_id, math.inf)) < math.inf:
            return known
        try:
            return self._known(trash_id).expires_at
        except PackError:
            return math.inf

    @contextmanager
    def _place(self, trash_id: str) -> Generator[int]:
        path = from_wire(f"{OWN}/trash/{trash_id}")
        with self._sandbox.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, own=True) as place:
            yield place

    def _drop(self, trash_id: str) -> None:
        with own_directory(self._sandbox, "trash") as trash:
            _retire(trash, trash_id)
            with suppress(FileNotFoundError):  # another thread was at it
                remove_tree(trash, trash_id + _GONE)


def _retire(trash: int, trash_id: str) -> None:
    with suppress(FileNotFoundError):
        os.rename(trash_id, trash_id + _GONE, src_dir_fd=trash, dst_dir_fd=trash)


def _check_empty(directory: int, name: str) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
    try:
        with os.scandir(descriptor) as entries:
            if next(entries, None) is not None:
                raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), name)
    finally:
        os.close(descriptor)

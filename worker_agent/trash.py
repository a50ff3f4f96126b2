"""`trash.*`: deleting moves an entry to `.ink/trash`, from where it can be put back until it expires.

Each entry lies in a directory of its own, beside a record of where it was. The record is written first, so a crash
leaves nothing that cannot be named.

Limits: blocking, so it runs in threads. What lies in the trash still counts against the quota. Trash and entry must be
on one file system.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

from pydantic import ValidationError

from worker_agent.faults import fault, from_os_error
from worker_agent.files import entry_of, kind_of, remove_tree
from worker_agent.names import from_wire, to_wire
from worker_agent.own_directory import OWN, own_directory, read_record, write_record
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
from worker_agent.sandbox import Sandbox

MAX_SHOWN = 10_000
_ENTRY, _RECORD = "entry", "record.json"


def put(sandbox: Sandbox, arguments: TrashPut) -> TrashedEntry:
    path = sandbox.relative(arguments.path)
    if path == OWN or path.startswith(f"{OWN}/"):
        raise fault("bad_arguments", f"{OWN} holds the trash itself; empty the trash instead.")
    _sweep(sandbox)
    with sandbox.entry(path) as (directory, name):
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
        _move_in(sandbox, trashed, directory, name)
    return trashed


def listed(sandbox: Sandbox, arguments: TrashList) -> Trash:
    _sweep(sandbox)
    found = sorted(_all(sandbox), key=lambda entry: entry.deleted_at, reverse=True)
    return Trash(entries=tuple(found[:MAX_SHOWN]))


def restore(sandbox: Sandbox, arguments: TrashRestore) -> FileEntry:
    trashed = _known(sandbox, arguments.trash_id)
    path = sandbox.relative(arguments.target or trashed.path)
    with sandbox.entry(path) as (target, name), _place(sandbox, trashed.trash_id) as place:
        try:
            rename_noreplace(place, _ENTRY, target, name)
        except FileExistsError as error:
            raise from_os_error(error, to_wire(path)) from error
        status = os.stat(name, dir_fd=target, follow_symlinks=False)
    _drop(sandbox, trashed.trash_id)
    return entry_of(path, status)


def remove(sandbox: Sandbox, arguments: TrashRemove) -> TrashRemoved:
    if arguments.trash_id is not None:
        _drop(sandbox, _known(sandbox, arguments.trash_id).trash_id)
        return TrashRemoved(removed=1)
    entries = _all(sandbox)
    for entry in entries:
        _drop(sandbox, entry.trash_id)
    return TrashRemoved(removed=len(entries))


def _check_empty(directory: int, name: str) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
    try:
        with os.scandir(descriptor) as entries:
            if next(entries, None) is not None:
                raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), name)
    finally:
        os.close(descriptor)


def _move_in(sandbox: Sandbox, trashed: TrashedEntry, directory: int, name: str) -> None:
    with own_directory(sandbox, "trash") as trash:
        os.mkdir(trashed.trash_id, 0o700, dir_fd=trash)
    try:
        with _place(sandbox, trashed.trash_id) as place:
            write_record(place, _RECORD, trashed.model_dump_json().encode())
            rename_noreplace(directory, name, place, _ENTRY)
    except OSError as error:
        _drop(sandbox, trashed.trash_id)
        if error.errno == errno.EXDEV:
            said = f"{trashed.path} is on another file system than the trash; remove it for good, or move it first."
            raise fault("cross_device", said) from error
        raise


def _known(sandbox: Sandbox, trash_id: str) -> TrashedEntry:
    try:
        with _place(sandbox, trash_id) as place:
            os.stat(_ENTRY, dir_fd=place, follow_symlinks=False)
            return TrashedEntry.model_validate_json(read_record(place, _RECORD))
    except (FileNotFoundError, ValidationError):
        raise fault("not_found", "The trash holds no such entry; it was put back, removed, or has expired.") from None


def _all(sandbox: Sandbox) -> list[TrashedEntry]:
    with own_directory(sandbox, "trash") as trash:
        names = os.listdir(trash)
    found: list[TrashedEntry] = []
    for name in names:
        with suppress(PackError, NotADirectoryError):
            found.append(_known(sandbox, name))
    return found


def _sweep(sandbox: Sandbox) -> None:
    for entry in _all(sandbox):
        if entry.expires_at <= time.time():
            _drop(sandbox, entry.trash_id)


@contextmanager
def _place(sandbox: Sandbox, trash_id: str) -> Generator[int]:
    path = from_wire(f"{OWN}/trash/{trash_id}")
    with sandbox.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW) as place:
        yield place


def _drop(sandbox: Sandbox, trash_id: str) -> None:
    with own_directory(sandbox, "trash") as trash, suppress(FileNotFoundError):
        remove_tree(trash, trash_id)

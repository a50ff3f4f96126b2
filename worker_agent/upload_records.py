"""What is kept of each upload: a record in `.ink/uploads`, so that it goes on after the agent was started anew.

A record is read again only after its file was replaced. One that names another place than its own is none.

Limits: blocking, so it runs in threads.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress

from pydantic import ValidationError

from worker_agent.faults import fault
from worker_agent.names import to_wire
from worker_agent.own_directory import own_directory, read_record, write_record
from worker_agent.protocol import PackError, Wire
from worker_agent.sandbox import OWN, Sandbox

_SUFFIX = ".json"
_Version = tuple[int, int]


class Record(Wire):
    """What is kept of one upload. `file` is device and inode of the staged file: nothing else is taken for it.

    Staged bytes from `held_from` on do not count yet.
    """

    upload_id: str
    path: str | None
    staged: str
    file: tuple[int, int]
    size: int
    overwrite: bool
    mode: int
    expires_s: float
    sha256: str | None = None
    done: bool = False
    held_from: int | None = None


class UploadRecords:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._known: dict[str, tuple[_Version, Record | None]] = {}
        self._lock = threading.Lock()

    def read(self, upload_id: str) -> Record:
        """Raises the fault `not_found`, also for what is no record of an upload."""
        with own_directory(self._sandbox, "uploads") as directory:
            try:
                record = Record.model_validate_json(read_record(directory, upload_id + _SUFFIX))
            except (FileNotFoundError, ValidationError):
                record = None
        if record is None or record.upload_id != upload_id or record.staged != self._staged(record):
            raise fault("not_found", "There is no such upload; it was ended, or has expired.")
        return record

    def kept_at(self, upload_id: str) -> float:
        """When the record was last written, in seconds since the epoch."""
        with own_directory(self._sandbox, "uploads") as directory:
            return os.stat(upload_id + _SUFFIX, dir_fd=directory).st_mtime

    def keep(self, record: Record) -> None:
        with own_directory(self._sandbox, "uploads") as directory:
            write_record(directory, record.upload_id + _SUFFIX, record.model_dump_json().encode())

    def drop(self, upload_id: str) -> None:
        with own_directory(self._sandbox, "uploads") as directory, suppress(FileNotFoundError):
            os.unlink(upload_id + _SUFFIX, dir_fd=directory)

    def all(self) -> Sequence[Record]:
        """Those kept longest ago first."""
        with self._lock:
            versions = self._versions()
            self._known = {
                upload_id: self._known_as(upload_id, version)
                for upload_id, version in sorted(versions.items(), key=lambda each: each[1])
            }
            return [record for _, record in self._known.values() if record is not None]

    def _known_as(self, upload_id: str, version: _Version) -> tuple[_Version, Record | None]:
        known = self._known.get(upload_id)
        if known is not None and known[0] == version:
            return known
        try:
            return version, self.read(upload_id)
        except PackError:
            return version, None

    def _versions(self) -> dict[str, _Version]:
        """Time of writing and inode of every record's file."""
        found: dict[str, _Version] = {}
        with own_directory(self._sandbox, "uploads") as directory, os.scandir(directory) as entries:
            for entry in entries:
                if entry.name.endswith(_SUFFIX):
                    with suppress(FileNotFoundError):
                        status = entry.stat(follow_symlinks=False)
                        found[entry.name.removesuffix(_SUFFIX)] = (status.st_mtime_ns, status.st_ino)
        return found

    def _staged(self, record: Record) -> str | None:
        """Where the bytes of this upload must be, or None for a path that is none of the workspace's."""
        try:
            path = None if record.path is None else self._sandbox.relative(record.path)
        except PackError:
            return None
        return to_wire(beside(path, record.upload_id))


def beside(path: str | None, upload_id: str) -> str:
    """Where bytes for `path` are staged."""
    if path is None:
        return f"{OWN}/uploads/{upload_id}.part"
    return os.path.join(os.path.dirname(path), f".ink-upload-{upload_id}")

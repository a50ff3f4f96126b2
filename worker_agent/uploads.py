"""`upload.*`: the bytes of a file that is being sent, staged beside it, hidden and for its user alone, until a commit.

Its SHA-256 is computed while bytes come, and from the staged file where that was interrupted. Whoever works on an
upload has it for itself; expired ones are dropped when another begins.

Limits: blocking, so it runs in threads. Staged bytes are flushed to disk by the commit; after a power cut before it an
upload may have to be sent again. A part that came too late, or was sent twice, is refused by its offset.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress

from worker_agent.faults import fault
from worker_agent.names import to_wire
from worker_agent.own_directory import umask
from worker_agent.protocol import (
    PackError,
    Upload,
    UploadAppend,
    UploadBegin,
    UploadCut,
    UploadJoin,
    UploadList,
    Uploads,
    UploadTarget,
)
from worker_agent.sandbox import Sandbox
from worker_agent.upload_records import Record, UploadRecords, beside
from worker_agent.writing import existing_file

MAX_UPLOADS = 1000
"""Under way at once."""
MAX_ENDED = 1000
"""That can still be asked for."""
_PIECE = 1024 * 1024
_ROOM_TO_SPARE = 1024 * 1024


class _Running:
    """The digest of the first `hashed` bytes, and the lock of who works on the upload."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.digest = hashlib.sha256()
        self.hashed = 0

    def begin_anew(self) -> None:
        self.digest, self.hashed = hashlib.sha256(), 0


class UploadStore:
    """All uploads of this workspace."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.records = UploadRecords(sandbox)
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()

    def begin(self, arguments: UploadBegin) -> Upload:
        if self._sweep() >= MAX_UPLOADS:
            raise fault("too_many_uploads", f"{MAX_UPLOADS} uploads are under way; end some of them first.")
        path = None if arguments.path is None else self.sandbox.relative(arguments.path)
        staged = beside(path, arguments.upload_id)
        with self.sandbox.entry(path or staged, own=path is None) as (directory, _):
            if path is not None and not arguments.overwrite:
                _check_free(directory, path)
            if _room(directory) < arguments.size + _ROOM_TO_SPARE:
                raise fault("no_space", f"No room for {arguments.size} bytes; remove something and try again.")
            found = _make(directory, os.path.basename(staged))
        record = Record(
            upload_id=arguments.upload_id,
            path=None if path is None else to_wire(path),
            staged=to_wire(staged),
            file=found,
            size=arguments.size,
            overwrite=arguments.overwrite,
            mode=arguments.mode,
            expires_s=arguments.expires_s,
        )
        try:
            self.records.keep(record)
        except BaseException:
            self._unlink(record)
            raise
        return self._seen(record)

    def append(self, arguments: UploadAppend) -> Upload:
        with self.working_on(arguments.upload_id) as (record, running):
            with self.staged(record, os.O_WRONLY) as descriptor:
                record = self._held(record, running, descriptor, arguments)
                at = os.fstat(descriptor).st_size
                if arguments.offset != at:
                    raise fault("offset_mismatch", f"The upload goes on at byte {at}, not at {arguments.offset}.")
                if at + len(arguments.payload) > record.size:
                    raise fault("too_large", f"The upload was announced with {record.size} bytes; it cannot grow.")
                _write(descriptor, at, arguments.payload)
                if running.hashed == at:
                    running.digest.update(arguments.payload)
                    running.hashed += len(arguments.payload)
            return self._seen(record)

    def cut(self, arguments: UploadCut) -> Upload:
        with self.working_on(arguments.upload_id) as (record, running):
            with self.staged(record, os.O_WRONLY) as descriptor:
                _cut(descriptor, running, arguments.offset)
                staged = os.fstat(descriptor).st_size
            if arguments.final and staged != arguments.offset:
                raise fault("upload_incomplete", f"Only {staged} bytes have come; send the rest first.")
            size = arguments.offset if arguments.final else record.size
            return self._seen(self._changed(record, held_from=None, size=size))

    def stat(self, arguments: UploadTarget) -> Upload:
        with self.working_on(arguments.upload_id, done=True) as (record, running):
            seen = self._seen(record)
            if arguments.digest and not record.done and seen.offset == record.size:
                return seen.model_copy(update={"sha256": self.digest_of(record, running)})
            return seen

    def listed(self, arguments: UploadList) -> Uploads:
        self._sweep()
        return Uploads(uploads=tuple(self._seen(record) for record in self.records.all()))

    def staged_bytes(self) -> int:
        """Of all uploads that are under way, where their targets are."""
        return sum(upload.offset for upload in self.listed(UploadList()).uploads if not upload.done)

    def abort(self, arguments: UploadTarget) -> Upload:
        with self.working_on(arguments.upload_id, done=True) as (record, _):
            seen = self._seen(record)
            self.forget(record)
            return seen

    def join(self, arguments: UploadJoin) -> Upload:
        """The parts are copied one after the other, and gone when the last one was."""
        with ExitStack() as held:
            known = {part: held.enter_context(self.working_on(part))[0] for part in sorted(set(arguments.parts))}
            parts = [known[part] for part in arguments.parts]
            if any(part.path is not None or self._seen(part).offset != part.size for part in parts):
                raise fault("upload_incomplete", "Only complete uploads without a path of their own can be joined.")
            wanted = arguments.model_dump(exclude={"parts"})
            joined = self.begin(UploadBegin(size=sum(part.size for part in parts), **wanted))
            with self.working_on(joined.upload_id) as (record, running), self.staged(record, os.O_WRONLY) as target:
                for part in parts:
                    with self.staged(part, os.O_RDONLY) as source:
                        _copy(source, target, running)
                for part in known.values():
                    self.forget(part)
                return self._seen(record)

    # -- for whoever commits ---------------------------------------------------------------------------------------

    @contextmanager
    def working_on(self, upload_id: str, *, done: bool = False) -> Generator[tuple[Record, _Running]]:
        """One upload, for the caller alone. Raises a fault for an unknown one, and, unless `done`, an ended one."""
        running = self._running_of(upload_id)
        with running.lock:
            try:
                record = self.records.read(upload_id)
            except PackError:
                self._running.pop(upload_id, None)
                raise
            if record.done and not done:
                raise fault("upload_done", "This upload has ended; its file is in place.")
            yield record, running

    @contextmanager
    def staged(self, record: Record, flags: int) -> Generator[int]:
        """The staged file and nothing that was put into its place."""
        path = self.sandbox.relative(record.staged)
        with self.sandbox.entry(path, own=record.path is None) as (directory, name):
            descriptor = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
        try:
            if not is_staged(os.fstat(descriptor), record):
                raise fault("upload_changed", "Another file is where the upload was staged; send it again.")
            yield descriptor
        finally:
            os.close(descriptor)

    def digest_of(self, record: Record, running: _Running) -> str:
        """The SHA-256 of all staged bytes."""
        with self.staged(record, os.O_RDONLY) as descriptor:
            while piece := os.pread(descriptor, _PIECE, running.hashed):
                running.digest.update(piece)
                running.hashed += len(piece)
        return running.digest.hexdigest()

    def forget(self, record: Record) -> None:
        self._unlink(record)
        self.records.drop(record.upload_id)
        self._running.pop(record.upload_id, None)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _unlink(self, record: Record) -> None:
        """The staged file; after a commit there is none."""
        path = self.sandbox.relative(record.staged)
        with suppress(OSError), self.sandbox.entry(path, own=record.path is None) as (directory, name):
            if is_staged(os.stat(name, dir_fd=directory, follow_symlinks=False), record):
                os.unlink(name, dir_fd=directory)

    def _held(self, record: Record, running: _Running, descriptor: int, arguments: UploadAppend) -> Record:
        """What an earlier sender did not confirm gives way; what this one will is held before it is written."""
        again = arguments.offset == arguments.held_from
        if record.held_from is not None and (again or arguments.held_from != record.held_from):
            _cut(descriptor, running, record.held_from)
        return self._changed(record, held_from=arguments.held_from, size=record.size)

    def _changed(self, record: Record, *, held_from: int | None, size: int) -> Record:
        changed = record.model_copy(update={"held_from": held_from, "size": size})
        if changed != record:
            self.records.keep(changed)
        return changed

    def _running_of(self, upload_id: str) -> _Running:
        with self._lock:
            return self._running.setdefault(upload_id, _Running())

    def _sweep(self) -> int:
        """Drop what has expired, and of ended uploads the oldest beyond a number; how many are under way."""
        records = self.records.all()
        under_way = [record for record in records if not record.done]
        ended = [record for record in records if record.done]
        for record in ended[: max(0, len(ended) - MAX_ENDED)]:
            self._forget_unless_used(record.upload_id, expired=False)
        now = time.time()
        expired = [record for record in (*under_way, *ended) if self._seen(record).expires_at <= now]
        for record in expired:
            self._forget_unless_used(record.upload_id, expired=True)
        return len(under_way) - sum(not record.done for record in expired)

    def _forget_unless_used(self, upload_id: str, *, expired: bool) -> None:
        """Who works on an upload right now, as a commit does, ends or keeps it itself; it may have moved on, too."""
        running = self._running_of(upload_id)
        if not running.lock.acquire(blocking=False):
            return
        try:
            record = self.records.read(upload_id)
            if not expired or self._seen(record).expires_at <= time.time():
                self.forget(record)
        except PackError:
            self._running.pop(upload_id, None)
        finally:
            running.lock.release()

    def _seen(self, record: Record) -> Upload:
        offset, touched = self._progress(record)
        return Upload(
            upload_id=record.upload_id,
            path=record.path,
            size=record.size,
            offset=offset,
            overwrite=record.overwrite,
            mode=record.mode,
            expires_at=touched + record.expires_s,
            sha256=record.sha256,
            done=record.done,
        )

    def _progress(self, record: Record) -> tuple[int, float]:
        """Bytes that are here and when the last of them came; none where the staged file is gone."""
        if not record.done:
            with suppress(OSError, PackError), self.staged(record, os.O_RDONLY) as descriptor:
                status = os.fstat(descriptor)
                return counted(record, status.st_size), status.st_mtime
        with suppress(FileNotFoundError):
            return record.size if record.done else 0, self.records.kept_at(record.upload_id)
        return 0, 0.0


def counted(record: Record, staged: int) -> int:
    """Of so many staged bytes those that count."""
    return staged if record.held_from is None else min(staged, record.held_from)


def is_staged(status: os.stat_result, record: Record) -> bool:
    """Whether this is the file that was made for the upload, with no second name."""
    return stat.S_ISREG(status.st_mode) and (status.st_dev, status.st_ino) == record.file and status.st_nlink == 1


def final_mode(record: Record) -> int:
    return record.mode & ~umask()


def _check_free(directory: int, path: str) -> None:
    """What exists is told before anything is sent; the commit looks again."""
    if existing_file(directory, os.path.basename(path), to_wire(path)) is not None:
        raise fault("conflict", f"{to_wire(path)} exists already; choose another name, or set overwrite.")


def _make(directory: int, name: str) -> tuple[int, int]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o600, dir_fd=directory)
    try:
        status = os.fstat(descriptor)
        return status.st_dev, status.st_ino
    finally:
        os.close(descriptor)


def _room(directory: int) -> int:
    space = os.statvfs(f"/proc/self/fd/{directory}")
    return space.f_bavail * space.f_frsize


def _cut(descriptor: int, running: _Running, offset: int) -> None:
    if offset < os.fstat(descriptor).st_size:
        os.truncate(descriptor, offset)
    if running.hashed > offset:
        running.begin_anew()


def _write(descriptor: int, at: int, data: bytes) -> None:
    """All of it or nothing: a full file system leaves no half of a piece."""
    rest, offset = memoryview(data), at
    try:
        while rest:
            written = os.pwrite(descriptor, rest, offset)
            rest, offset = rest[written:], offset + written
    except OSError:
        os.truncate(descriptor, at)
        raise


def _copy(source: int, target: int, running: _Running) -> None:
    offset = 0
    while piece := os.pread(source, _PIECE, offset):
        _write(target, running.hashed, piece)
        running.digest.update(piece)
        running.hashed += len(piece)
        offset += len(piece)

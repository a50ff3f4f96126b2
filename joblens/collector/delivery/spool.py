"""Batches on the node's disk until the store has them: one file each, complete and durable or not there at all.

Bounded in bytes: when it is full the oldest batches go, and `dropped` says how many. The newest file stays, emptied of
its purpose once delivered, so that the next run of the collector goes on with the next sequence.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from joblens.errors import BatchMalformed
from joblens.records import Batch
from joblens.store.wire import decode, encode

_WAITS, _DELIVERED, _DAMAGED = ".jlb", ".done", ".damaged"
_KEPT_BYTES = 1 << 18
"""Of the newest batches, which are not read from the disk again when they are sent at once or a few together."""
MOST_DAMAGED = 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """A batch on its way: encoded once, for the disk and for the store."""

    sequence: int
    data: bytes


class Spool:
    """For one writer and one reader, which may be threads. `folder` is created, for root alone.

    `first_sequence` is where an empty one goes on: beyond those that the store may have of a spool that was removed.
    """

    def __init__(self, folder: Path, max_bytes: int, first_sequence: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._recent: dict[int, Sealed] = {}
        self.dropped = 0
        self.damaged = 0
        for unfinished in folder.glob("*.new"):
            unfinished.unlink()
        files = sorted(
            (int(path.stem), path) for path in folder.iterdir() if path.suffix in (_WAITS, _DELIVERED, _DAMAGED)
        )
        self.last_sequence = files[-1][0] if files else first_sequence
        self._waiting = deque((number, path.stat().st_size) for number, path in files if path.suffix == _WAITS)
        self.size = sum(size for _, size in self._waiting)

    def __len__(self) -> int:
        return len(self._waiting)

    def append(self, batch: Batch) -> bytes:
        """Durable on return, as it is sealed. Raises `OSError` where the disk does not take it."""
        data = encode(batch)
        self._write(self._path(batch.sequence, _WAITS), data)
        with self._lock:
            previous, self.last_sequence = self.last_sequence, batch.sequence
            self._waiting.append((batch.sequence, len(data)))
            self.size += len(data)
            self._recent[batch.sequence] = Sealed(batch.sequence, data)
            while len(self._recent) > 1 and sum(len(kept.data) for kept in self._recent.values()) > _KEPT_BYTES:
                del self._recent[next(iter(self._recent))]
            while self.size > self._max_bytes and len(self._waiting) > 1:
                self._remove_oldest()
                self.dropped += 1
        with suppress(FileNotFoundError):
            self._path(previous, _DELIVERED).unlink()
        return data

    def oldest(self, limit: int, max_bytes: int) -> list[Sealed]:
        """The first batches that wait, as many as fit; one at least. What cannot be read is put aside and counted."""
        with self._lock:
            waiting = list(self._waiting)[:limit]
        batches: list[Sealed] = []
        for sequence, size in waiting:
            if batches and size > max_bytes:
                break
            max_bytes -= size
            if batch := self._load(sequence):
                batches.append(batch)
        return batches

    def delivered(self, sequence: int) -> None:
        """The store has all up to this one."""
        with self._lock:
            while self._waiting and self._waiting[0][0] <= sequence:
                self._remove_oldest()

    def _remove_oldest(self) -> None:
        sequence, size = self._waiting.popleft()
        self.size -= size
        self._recent.pop(sequence, None)
        path = self._path(sequence, _WAITS)
        with suppress(FileNotFoundError):
            if sequence == self.last_sequence:
                path.rename(self._path(sequence, _DELIVERED))
            else:
                path.unlink()

    def _load(self, sequence: int) -> Sealed | None:
        if batch := self._recent.get(sequence):
            return batch
        path = self._path(sequence, _WAITS)
        try:
            data = path.read_bytes()
            decode(data)
        except FileNotFoundError:
            return None  # dropped meanwhile, for want of room
        except (BatchMalformed, OSError):
            self.put_aside(sequence)
            return None
        return Sealed(sequence, data)

    def put_aside(self, sequence: int) -> None:
        """It cannot be read, or no store takes it: counted in `damaged`, the last few kept to be looked at."""
        path = self._path(sequence, _WAITS)
        with self._lock:
            self.damaged += 1
            with suppress(OSError):
                path.rename(path.with_suffix(_DAMAGED))
            for old in sorted(self._folder.glob(f"*{_DAMAGED}"))[:-MOST_DAMAGED]:
                old.unlink(missing_ok=True)
            self._recent.pop(sequence, None)
            self.size -= sum(size for number, size in self._waiting if number == sequence)
            self._waiting = deque(entry for entry in self._waiting if entry[0] != sequence)

    def _write(self, path: Path, data: bytes) -> None:
        new = path.with_suffix(".new")
        with open(new, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _path(self, sequence: int, suffix: str) -> Path:
        return self._folder / f"{sequence:016d}{suffix}"

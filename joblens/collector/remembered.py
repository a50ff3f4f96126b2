"""What the next run of the collector needs of the jobs that run: one file, of use until the next boot.

It begins with all that is known, as a batch, and goes on with the batches as they were sealed for the spool: so
nothing is encoded for it again. When it has grown enough it begins anew. What a job's processes that end after the last
batch have done is counted by the kernel alone, and so not known to the next run; the gap that it marks says so.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from joblens.collector.delivery.batches import parts
from joblens.collector.jobs import Remembered
from joblens.errors import BatchMalformed
from joblens.records import Batch, FileSample, JobInfo, JobKey, JobSample, Level
from joblens.store.wire import LENGTH, decode, encode, join

_log = logging.getLogger(__name__)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BEGINS_ANEW_AFTER = 2 << 20
"""Bytes of batches. With 251 jobs some ten minutes."""
_FORM = 3


@dataclass(frozen=True)
class Memory:
    time: float = 0.0
    jobs: list[Remembered] = field(default_factory=list[Remembered])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is known of the running jobs after the batches before it."""

    host: str
    time: float
    jobs: list[Remembered]

    def batches(self) -> Iterator[Batch]:
        whole = Batch(
            self.host,
            0,
            self.time,
            0.0,
            Level.BPF,
            jobs=[job.info for job in self.jobs],
            samples=[job.last for job in self.jobs],
            files=[file for job in self.jobs for file in job.files],
        )
        return parts(whole)


class MemoryFile:
    """`begin` and `add` are for one thread, which may be another than that of the rest."""

    def __init__(self, path: Path, begins_anew_after: int = BEGINS_ANEW_AFTER) -> None:
        self._path = path
        self._most = self._grown = begins_anew_after
        self._file: BinaryIO | None = None

    def take_due(self) -> bool:
        """Whether it is to begin anew, with a snapshot of now; told once."""
        is_due, self._grown = self._grown >= self._most, self._grown % self._most
        return is_due

    def begin(self, snapshot: Snapshot) -> None:
        """In place of what it was. Raises `OSError`."""
        head = json.dumps({"form": _FORM, "boot": _boot_id()}).encode() + b"\n"
        body = join(encode(part) for part in snapshot.batches())
        new = self._path.with_suffix(".new")
        self.close()
        self._file = open(new, "wb", buffering=0, opener=_private)  # noqa: SIM115  (kept open)
        self._write(head + body)
        new.replace(self._path)

    def add(self, sealed: bytes) -> None:
        """A batch that was told. Raises `OSError`; then what is there stays, and it begins anew with the next."""
        self._grown += len(sealed)
        if self._file:
            self._write(join([sealed]))

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _write(self, data: bytes) -> None:
        assert self._file
        try:
            if self._file.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            self._grown = self._most
            self.close()
            raise

    def load(self) -> Memory:
        """Nothing, where there is no such file, or it is of another boot or form: then all jobs are new to us. Of one
        that cannot be read to its end what can be."""
        try:
            with open(self._path, "rb") as file:
                head = json.loads(file.readline(1024))
                if head["form"] != _FORM or head["boot"] != _boot_id():
                    return Memory()
                return _Replay().of(_sealed(file))
        except FileNotFoundError:
            return Memory()
        except (ValueError, KeyError, TypeError):
            self._path.replace(self._path.with_suffix(".damaged"))
            return Memory()


class _Replay:
    def __init__(self) -> None:
        self._time = 0.0
        self._infos: dict[JobKey, JobInfo] = {}
        self._last: dict[JobKey, JobSample] = {}
        self._files: dict[JobKey, dict[tuple[str, str], FileSample]] = {}

    def of(self, sealed: Iterable[bytes]) -> Memory:
        try:
            for data in sealed:
                self._take(decode(data))
        except BatchMalformed as error:
            _log.warning(
                "what an earlier run wrote down is damaged, figures after %.0f are not known: %s", self._time, error
            )
        return Memory(self._time, [self._remembered(key) for key in self._last if key in self._infos])

    def _take(self, batch: Batch) -> None:
        self._time = batch.time
        self._infos.update((info.key, info) for info in batch.jobs)
        for file in batch.files:
            self._files.setdefault(file.key, {})[file.path, file.traffic] = file
        for sample in batch.samples:
            self._last[sample.key] = sample
            if sample.final:
                self._forget(sample.key)

    def _forget(self, key: JobKey) -> None:
        del self._last[key]
        self._infos.pop(key, None)
        self._files.pop(key, None)

    def _remembered(self, key: JobKey) -> Remembered:
        return Remembered(self._infos[key], self._last[key], list(self._files.get(key, {}).values()))


def _sealed(file: BinaryIO) -> Iterator[bytes]:
    while length := file.read(LENGTH):
        yield file.read(int.from_bytes(length, "big"))


def _boot_id() -> str:
    return BOOT_ID.read_text().strip()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)

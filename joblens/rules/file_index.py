"""Which files jobs read and write: how many each, and which file many jobs have in common. Bounded in both, and in all;
of a path, which its user may choose to be long, its hash alone is kept."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from joblens.records import FileSample, JobKey, Traffic

MAX_FILES = 10_000
"""Of one job that are told apart; there are more, and they count on in `MAX_FILES`."""
MAX_PATHS = 100_000
MAX_ENTRIES = 500_000
"""Files of all jobs together; further ones are not told apart until some jobs have ended."""


@dataclass(slots=True)
class _Files:
    traffic: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])  # bytes and calls
    bytes: int = 0
    calls: int = 0


class FileIndex:
    def __init__(self) -> None:
        self._jobs: dict[JobKey, _Files] = {}
        self._readers: dict[tuple[str, int], set[JobKey]] = {}  # of a path on a cluster
        self._entries = 0

    def see(self, sample: FileSample) -> None:
        if sample.traffic is not Traffic.FILE:
            return
        files, path = self._jobs.setdefault(sample.key, _Files()), hash(sample.path)
        if path not in files.traffic:
            if len(files.traffic) >= MAX_FILES or self._entries >= MAX_ENTRIES:
                return
            self._entries += 1
        size, calls = sample.read_bytes + sample.write_bytes, sample.read_ops + sample.write_ops
        size_before, calls_before = files.traffic.get(path, (0, 0))
        files.bytes += size - size_before
        files.calls += calls - calls_before
        files.traffic[path] = size, calls
        if sample.read_bytes and sample.path:  # without a path: all that are beyond a bound of the collector
            self._note_reader(sample)

    def figure(self, key: JobKey, metric: str) -> float | None:
        """`file_count`, `bytes_per_access` or `file_jobs`; None of a job that has touched no file."""
        files = self._jobs.get(key)
        if files is None:
            return None
        if metric == "file_count":
            return float(len(files.traffic))
        if metric == "bytes_per_access":
            return files.bytes / max(files.calls, 1)
        return self._most_readers(key, files)

    def _most_readers(self, key: JobKey, files: _Files) -> float:
        readers = (self._readers.get((key.cluster, path)) for path in files.traffic)
        return float(max((len(each) for each in readers if each), default=0))

    def forget(self, key: JobKey) -> None:
        files = self._jobs.pop(key, None)
        self._entries -= len(files.traffic) if files else 0
        for path in files.traffic if files else ():
            if readers := self._readers.get((key.cluster, path)):
                readers.discard(key)
                if not readers:
                    del self._readers[key.cluster, path]

    def forget_all_but(self, known: Container[JobKey]) -> None:
        """Of other jobs nobody would ever say that they have ended."""
        for key in [key for key in self._jobs if key not in known]:
            self.forget(key)

    def _note_reader(self, sample: FileSample) -> None:
        path = (sample.key.cluster, hash(sample.path))
        if path in self._readers or len(self._readers) < MAX_PATHS:
            self._readers.setdefault(path, set()).add(sample.key)

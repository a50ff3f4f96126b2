"""Which files jobs read and write: how many each, and which file many jobs have in common. Bounded in both."""

from __future__ import annotations

from dataclasses import dataclass, field

from joblens.records import FileSample, JobKey, Traffic

MAX_FILES = 10_000
"""Of one job that are told apart; there are more, and they count on in `MAX_FILES`."""
MAX_PATHS = 100_000


@dataclass(slots=True)
class _Files:
    traffic: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])  # bytes and calls
    bytes: int = 0
    calls: int = 0


class FileIndex:
    def __init__(self) -> None:
        self._jobs: dict[JobKey, _Files] = {}
        self._readers: dict[tuple[str, str], set[JobKey]] = {}  # of a path on a cluster

    def see(self, sample: FileSample) -> None:
        if sample.traffic is not Traffic.FILE:
            return
        files = self._jobs.setdefault(sample.key, _Files())
        if sample.path not in files.traffic and len(files.traffic) >= MAX_FILES:
            return
        size, calls = sample.read_bytes + sample.write_bytes, sample.read_ops + sample.write_ops
        size_before, calls_before = files.traffic.get(sample.path, (0, 0))
        files.bytes += size - size_before
        files.calls += calls - calls_before
        files.traffic[sample.path] = size, calls
        if sample.read_bytes:
            self._note_reader(sample)

    def figures(self, key: JobKey) -> dict[str, float]:
        files = self._jobs.get(key)
        if files is None:
            return {}
        readers = (self._readers.get((key.cluster, path)) for path in files.traffic)
        return {
            "file_count": float(len(files.traffic)),
            "bytes_per_access": files.bytes / max(files.calls, 1),
            "file_jobs": float(max((len(each) for each in readers if each), default=0)),
        }

    def forget(self, key: JobKey) -> None:
        files = self._jobs.pop(key, None)
        for path in files.traffic if files else ():
            if readers := self._readers.get((key.cluster, path)):
                readers.discard(key)
                if not readers:
                    del self._readers[key.cluster, path]

    def _note_reader(self, sample: FileSample) -> None:
        path = (sample.key.cluster, sample.path)
        if path in self._readers or len(self._readers) < MAX_PATHS:
            self._readers.setdefault(path, set()).add(sample.key)

"""The files of one job on this host, over all its trees: figures never fall when one of them ends, or the collector."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest
from operator import add

from joblens.collector.probes.probe import FileUsage
from joblens.records import FileSample, JobKey, Traffic

FileId = tuple[str, Traffic]
Figures = tuple[int, ...]
"""Read bytes, read operations, write bytes, write operations."""
MAX_FILES = 2000
OTHERS = "(others)"
"""Stands for all files beyond `MAX_FILES`."""


class JobFiles:
    """Bounded: what comes after the first `MAX_FILES` files is one entry."""

    def __init__(self) -> None:
        self._place: dict[FileId, tuple[str, str]] = {}
        self._before: dict[FileId, Figures] = {}
        self._live: dict[int, dict[FileId, Figures]] = {}
        self._beyond: dict[int, dict[FileId, Figures]] = {}
        self._changed: set[FileId] = set()
        self._told: dict[FileId, FileSample] = {}
        self._most: list[FileSample] | None = None

    def take(self, usage: FileUsage) -> None:
        name = (usage.path, usage.traffic)
        figures = usage[5:]
        if name not in self._place:
            if len(self._place) >= MAX_FILES:
                self._beyond.setdefault(usage.handle, {})[name] = figures
                name, figures = (OTHERS, Traffic.FILE), _total(self._beyond[usage.handle].values())
            self._place[name] = (usage.mount, usage.fs_type) if name[0] != OTHERS else ("", "")
        self._live.setdefault(usage.handle, {})[name] = figures
        self._changed.add(name)

    def end(self, handle: int) -> None:
        """What a tree did stays."""
        for name, figures in self._live.pop(handle, {}).items():
            self._before[name] = _sum(self._before.get(name), figures)
        self._beyond.pop(handle, None)

    def resume(self, samples: list[FileSample]) -> None:
        """Figures of an earlier run of the collector, which the kernel does not keep."""
        for sample in samples:
            name = (sample.path, sample.traffic)
            self._place[name] = (sample.mount, sample.fs_type)
            self._before[name] = sample[6:]
            self._told[name] = sample

    def changed(self, key: JobKey, time: float) -> list[FileSample]:
        """Those with other figures than the last time."""
        names, self._changed = self._changed, set()
        told = {name: self._sample(key, time, name) for name in names}
        if told:
            self._told |= told
            self._most = None
        return list(told.values())

    def most(self, limit: int) -> list[FileSample]:
        """Those told with the most bytes, the same list until another is told. For always the same limit."""
        if self._most is None:
            self._most = nlargest(limit, self._told.values(), key=_bytes)
        return self._most

    def _sample(self, key: JobKey, time: float, name: FileId) -> FileSample:
        parts = (files[name] for files in self._live.values() if name in files)
        return FileSample(key, time, name[0], *self._place[name], name[1], *_total(parts, self._before.get(name)))


def _bytes(sample: FileSample) -> int:
    return sample.read_bytes + sample.write_bytes


def _sum(a: Figures | None, b: Figures) -> Figures:
    return tuple(map(add, a, b)) if a else b


def _total(parts: Iterable[Figures], start: Figures | None = None) -> Figures:
    total = start
    for part in parts:
        total = _sum(total, part)
    return total or (0, 0, 0, 0)

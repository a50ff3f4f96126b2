"""The files of one job on this host, over all its trees: figures never fall when one of them ends, or the collector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nlargest
from operator import add, itemgetter

from joblens.collector.probes.probe import FileUsage
from joblens.records import FileSample, JobKey, Traffic
from joblens.row_maker import row_maker

FileId = tuple[str, Traffic]
Figures = tuple[int, ...]
"""Read bytes, read operations, write bytes, write operations."""
MAX_FILES = 2000
OTHERS = ""
"""Path of the one figure of a kind of traffic for all beyond a bound, the probe's own or `MAX_FILES`; and of what no
file is known of."""
_as_sample = row_maker(FileSample)
_name_of: Callable[[FileUsage], FileId] = itemgetter(*map(FileUsage._fields.index, ("path", "traffic")))


class JobFiles:
    """Bounded: what comes after the first `MAX_FILES` files is one entry."""

    def __init__(self) -> None:
        self._place: dict[FileId, tuple[str, str]] = {}
        self._before: dict[FileId, Figures] = {}
        self._live: dict[int, dict[FileId, FileUsage]] = {}
        self._beyond: dict[int, dict[FileId, Figures]] = {}
        self._changed: dict[FileId, FileUsage] = {}

    def take(self, handle: int, usages: Iterable[FileUsage]) -> None:
        """Of one tree."""
        live = self._live.setdefault(handle, {})
        taken: dict[FileId, FileUsage] = {}
        for usage in usages:
            name = _name_of(usage)
            if name not in live or name[0] == OTHERS:
                name, usage = self._placed(name, usage)
            taken[name] = usage
        live.update(taken)
        self._changed.update(taken)

    def _placed(self, name: FileId, usage: FileUsage) -> tuple[FileId, FileUsage]:
        if usage.path == OTHERS or (name not in self._place and len(self._place) >= MAX_FILES):
            name, usage = (OTHERS, usage.traffic), self._others_with(name, usage)
        self._place.setdefault(name, (usage.mount, usage.fs_type))
        return name, usage

    def end(self, handle: int) -> None:
        """What a tree did stays."""
        for name, usage in self._live.pop(handle, {}).items():
            self._before[name] = _sum(self._before.get(name), _figures(usage))
        self._beyond.pop(handle, None)

    def resume(self, samples: list[FileSample]) -> None:
        """Figures of an earlier run of the collector, which the kernel does not keep."""
        for sample in samples:
            name = (sample.path, sample.traffic)
            self._place[name] = (sample.mount, sample.fs_type)
            self._before[name] = sample[6:]

    def changed(self, key: JobKey, time: float) -> list[FileSample]:
        """Those with other figures than the last time."""
        changed, self._changed = self._changed, {}
        if len(self._live) == 1 and not self._before:  # as of nearly all jobs: what the probe told is all there is
            head = (key, time)
            return [_as_sample(head + usage[1:]) for usage in changed.values()]
        return [self._sample(key, time, name) for name in changed]

    def most(self, limit: int, key: JobKey, time: float) -> list[FileSample]:
        """Those with the most bytes."""
        return nlargest(limit, (self._sample(key, time, name) for name in self._place), key=_bytes)

    def _others_with(self, name: FileId, usage: FileUsage) -> FileUsage:
        """The one entry of its kind for all beyond the bound."""
        beyond = self._beyond.setdefault(usage.handle, {})
        beyond[name] = _figures(usage)
        if len(beyond) == 1 and usage.path == OTHERS:  # as of nearly all jobs: the probe's own
            return usage
        alike = (figures for (_, traffic), figures in beyond.items() if traffic is usage.traffic)
        return FileUsage(usage.handle, OTHERS, "", "", usage.traffic, *_total(alike))

    def _sample(self, key: JobKey, time: float, name: FileId) -> FileSample:
        parts = (_figures(files[name]) for files in self._live.values() if name in files)
        return FileSample(key, time, name[0], *self._place[name], name[1], *_total(parts, self._before.get(name)))


def _figures(usage: FileUsage) -> Figures:
    return usage[5:]


def _bytes(sample: FileSample) -> int:
    return sample.read_bytes + sample.write_bytes


def _sum(a: Figures | None, b: Figures) -> Figures:
    return tuple(map(add, a, b)) if a else b


def _total(parts: Iterable[Figures], start: Figures | None = None) -> Figures:
    total = start
    for part in parts:
        total = _sum(total, part)
    return total or (0, 0, 0, 0)

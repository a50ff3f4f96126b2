"""The median of a figure over jobs alike: those of the same cluster, user and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from joblens.records import JobInfo, JobKey

FEWEST = 5
LARGEST = 1000
"""Of a group that are looked at; further ones change its median little."""
FRESH_S = 10.0


class _Group(NamedTuple):
    cluster: str
    user: str
    name: str


class SimilarJobs:
    def __init__(self, value: Callable[[JobKey, str], float | None]) -> None:
        self._value = value
        self._members: defaultdict[_Group, dict[JobKey, None]] = defaultdict(dict)
        self._group_of: dict[JobKey, _Group] = {}
        self._medians: dict[tuple[_Group, str], tuple[float, float | None]] = {}

    def learn(self, info: JobInfo) -> None:
        self.forget(info.key)
        group = self._group_of[info.key] = _Group(info.key.cluster, info.user, info.name)
        self._members[group][info.key] = None

    def forget(self, key: JobKey) -> None:
        if group := self._group_of.pop(key, None):
            self._members[group].pop(key, None)
            if not self._members[group]:
                del self._members[group]
                self._medians = {place: held for place, held in self._medians.items() if place[0] != group}

    def median(self, key: JobKey, metric: str, now: float) -> float | None:
        """At most `FRESH_S` old; None where fewer than `FEWEST` jobs are alike."""
        group = self._group_of.get(key)
        if group is None:
            return None
        made, held = self._medians.get((group, metric), (float("-inf"), None))
        if not made <= now < made + FRESH_S:
            made, held = self._medians[group, metric] = now, self._fresh(group, metric)
        return held

    def _fresh(self, group: _Group, metric: str) -> float | None:
        members = list(self._members[group])[:LARGEST]
        values = [value for key in members if (value := self._value(key, metric)) is not None]
        return median(values) if len(values) >= FEWEST else None

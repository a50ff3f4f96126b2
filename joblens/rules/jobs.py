"""What the engine knows of each job now: who it is, its latest figures over all hosts, and how they rose."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from joblens.records import JobInfo, JobKey
from joblens.rules.events import Measured
from joblens.store.metrics import METRICS

HELD_POINTS = 32
"""Kept of a figure in the longest time over which a rule looks at its rise."""


@dataclass(slots=True)
class _Host:
    values: dict[str, float] = field(default_factory=dict[str, float])
    info: JobInfo | None = None
    ended: bool = False


@dataclass(slots=True)
class JobView:
    key: JobKey
    heard: float = 0.0
    hosts: dict[str, _Host] = field(default_factory=dict[str, _Host])
    past: dict[str, deque[tuple[float, float]]] = field(default_factory=dict[str, deque[tuple[float, float]]])

    @property
    def info(self) -> JobInfo | None:
        return next((host.info for host in self.hosts.values() if host.info), None)

    @property
    def ended(self) -> bool:
        return all(host.ended for host in self.hosts.values())

    def learn(self, info: JobInfo) -> None:
        self.hosts.setdefault(info.host, _Host()).info = info

    def take(self, measured: Measured, rises: Mapping[str, float]) -> None:
        """`rises` are the figures whose rise is looked at, and over how many seconds."""
        host = self.hosts.get(measured.host) or self.hosts.setdefault(measured.host, _Host())
        host.ended, self.heard = measured.ended, max(self.heard, measured.time)
        host.values.update(measured.values)
        for metric, window in rises.items():
            if (value := self.value(metric)) is not None:
                _keep(self.past.setdefault(metric, deque()), measured.time, value, window)

    def value(self, metric: str) -> float | None:
        """Over all hosts: the sum of what adds up, the mean of the rest; None where no host tells it."""
        if metric == "storage_rate":
            return _sum(self.value("storage_read_rate"), self.value("storage_write_rate"))
        if metric == "age_s":
            return self.heard - self.info.started if self.info else None
        if len(self.hosts) == 1:  # as most jobs are, and this is asked for each rule of each sample
            return next(iter(self.hosts.values())).values.get(metric)
        told = [host.values[metric] for host in self.hosts.values() if metric in host.values]
        if not told:
            return None
        return sum(told) if METRICS[metric].additive else sum(told) / len(told)

    def requested(self, what: str) -> int | None:
        """`cpus` or `memory`, all hosts together; None unless every host tells it."""
        infos = [host.info for host in self.hosts.values()]
        each = [info and (info.cpus if what == "cpus" else info.memory_bytes) for info in infos]
        return sum(number for number in each if number) if each and all(each) else None

    def rise(self, metric: str, window: float) -> float | None:
        """How much a figure rose in the last `window` seconds; None while it was not seen for so long."""
        past = self.past.get(metric, deque())
        old = [value for time, value in past if time <= self.heard - window]
        return past[-1][1] - old[-1] if old else None


def _keep(past: deque[tuple[float, float]], time: float, value: float, window: float) -> None:
    """One value for each part of the window, the newest always, and one that is older than the window."""
    if len(past) > 1 and time - past[-2][0] < window / HELD_POINTS:
        past.pop()
    past.append((time, value))
    while len(past) > 2 and past[1][0] <= time - window:
        past.popleft()


def _sum(first: float | None, second: float | None) -> float | None:
    return None if first is None and second is None else (first or 0.0) + (second or 0.0)

"""The seam of the store. One contract suite runs on the double and on every adapter.

Blocking calls; whoever serves them from an event loop runs them in threads. Queries are paged or bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from joblens.records import Batch, FileSample, JobInfo, JobKey, Mark

Row = TypeVar("Row")


MAX_INFOS = 8
MAX_USERS = 2
HOST_SILENT_S = 900.0
JOB_SILENT_S = 3600.0


class JobState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"
    LOST = "lost"  # its host has been silent for `HOST_SILENT_S`, or tells nothing of the job for `JOB_SILENT_S`


@dataclass(frozen=True, slots=True)
class Statistic:
    """Over the samples of a job on each of its hosts: mean over time, largest, and the 99th percentile (within 1 %)."""

    avg: float
    max: float
    p99: float


@dataclass(frozen=True, slots=True)
class JobSummary:
    """What a job did, over all its hosts. At most 5 KB as JSON."""

    key: JobKey
    infos: tuple[JobInfo, ...]  # one per host, of the first `MAX_INFOS`
    users: tuple[str, ...]  # whose processes it had, on whichever of its hosts: one, unless something is wrong
    hosts: int
    state: JobState
    first_seen: float
    last_seen: float
    samples: int
    collectors: tuple[str, ...]  # of cpumem, io, net, gpu, power: those with data
    cpu_percent: Statistic  # of one core: 100 is one core busy
    rss_bytes: Statistic
    read_rate: Statistic  # bytes requested per second
    write_rate: Statistic
    net_rx_rate: Statistic
    net_tx_rate: Statistic
    totals: dict[str, int]  # the cumulative fields of `JobSample` at the end, summed over hosts
    rss_peak_bytes: int
    max_processes: int
    max_threads: int
    gpu_percent: Statistic | None = None
    gpu_memory_bytes: Statistic | None = None
    energy_uj: int | None = None
    gaps: int = 0
    now: dict[str, float] = field(default_factory=dict[str, float])
    """Rates over the last interval, by metric, summed over the hosts where it still runs; none where it has ended."""


class Point(NamedTuple):
    """One bucket of a series."""

    time: float  # its beginning
    min: float
    avg: float
    max: float
    samples: int


@dataclass(frozen=True, slots=True)
class JobQuery:
    """Which jobs a list shows; `None` is every."""

    cluster: str | None = None
    users: tuple[str, ...] | None = None
    hosts: tuple[str, ...] | None = None
    states: tuple[JobState, ...] | None = None
    text: str = ""  # in the job's id, name or user
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One sample of one collector: `cpumem io net gpu power file process connection`."""

    key: JobKey
    host: str
    time: float
    collector: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: list[Row] = field(default_factory=list[Row])
    next_cursor: str | None = None  # opaque; each row is given once, also while rows are added
    total: int | None = None  # where it is cheap to know


class TraceStore(Protocol):
    def write(self, batches: Sequence[Batch]) -> None:
        """Keep them, all or none; a batch already kept (`host`, `sequence`) is left out. Durable on return.

        Raises `StoreAway` (retryable) when the store cannot be reached or is full."""
        ...

    def jobs(self, query: JobQuery, *, limit: int, cursor: str | None = None) -> Page[JobSummary]:
        """Newest first."""
        ...

    def counts(self, query: JobQuery) -> dict[JobState, int]: ...

    def summary(self, key: JobKey) -> JobSummary:
        """Raises `JobNotRecorded`."""
        ...

    def timeseries(
        self, key: JobKey, metrics: Sequence[str], *, start: float, end: float, points: int, host: str | None = None
    ) -> dict[str, list[Point]]:
        """At most `points` buckets a metric (`joblens.store.metrics`): gauges as is, counters as rates a second."""
        ...

    def raw(
        self,
        key: JobKey,
        *,
        start: float,
        end: float,
        collectors: Sequence[str] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[RawRecord]:
        """Oldest first."""
        ...

    def files(self, key: JobKey, *, limit: int, order: str = "bytes") -> list[FileSample]:
        """The latest figures of each file, most traffic first, over all hosts."""
        ...

    def marks(self, key: JobKey) -> list[Mark]: ...

    def hot_files(self, cluster: str, *, since: float, limit: int) -> list[tuple[str, int, int]]:
        """Path, number of jobs that read it, bytes read in all; most jobs first."""
        ...

    def expire(self, before: float) -> int:
        """Forget what ended before that time, whole jobs at a time; how many jobs went."""
        ...

    def close(self) -> None: ...

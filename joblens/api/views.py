"""What the native routes and the agent's tools show of jobs. Times are seconds since the epoch, sizes bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel

from joblens.query.stacks import SeenStack
from joblens.records import FileSample, JobInfo, Mark, MarkKind, Traffic
from joblens.store.trace_store import JobState, JobSummary, Statistic

LensState = Literal["running", "ended", "lost"]


class StatisticView(BaseModel):
    """Over all samples: mean over time, largest, 99th percentile."""

    avg: float
    max: float
    p99: float

    @classmethod
    def of(cls, statistic: Statistic) -> StatisticView:
        return cls(**asdict(statistic))


class LensNow(BaseModel):
    """Over the last interval, on all hosts together: `cpu_percent` is of one core, rates are bytes a second."""

    cpu_percent: float
    read_rate: float
    write_rate: float
    net_rx_rate: float
    net_tx_rate: float


class LensJobRow(BaseModel):
    """One job over all hosts; `hosts` names the first of `host_count`. `cpu_percent` is of one core, the mean of its
    hosts, and the peak that of the fullest; an efficiency is used ÷ requested on a host, null if not known; `now` is
    null of what does not run."""

    cluster: str
    job: str
    user: str
    name: str
    scheduler: str
    hosts: Sequence[str]
    host_count: int = 1
    state: LensState
    first_seen: float
    last_seen: float
    cpus: int | None
    memory_bytes: int | None
    cpu_percent: StatisticView
    rss_peak_bytes: int
    read_bytes: int
    write_bytes: int
    net_bytes: int
    cpu_efficiency: float | None
    memory_efficiency: float | None
    now: LensNow | None = None

    @classmethod
    def of(cls, summary: JobSummary) -> LensJobRow:
        return cls.model_validate(_row(summary))


class LensHost(BaseModel):
    """A job on one of its hosts. `adopted`: it ran there before the collector did."""

    host: str
    root_pid: int
    started: float
    schedd: str
    step: str
    adopted: bool

    @classmethod
    def of(cls, info: JobInfo) -> LensHost:
        return cls.model_validate(spelled_out({name: getattr(info, name) for name in cls.model_fields}))


class LensJob(LensJobRow):
    """`totals` are the cumulative figures at the end, summed over hosts; rates are bytes a second."""

    on_hosts: Sequence[LensHost]
    samples: int
    collectors: Sequence[str]
    rss_bytes: StatisticView
    read_rate: StatisticView
    write_rate: StatisticView
    net_rx_rate: StatisticView
    net_tx_rate: StatisticView
    gpu_percent: StatisticView | None
    gpu_memory_bytes: StatisticView | None
    energy_j: float | None
    totals: Mapping[str, int]
    max_processes: int
    max_threads: int
    gaps: int

    @classmethod
    def of(cls, summary: JobSummary) -> LensJob:
        rates = ("rss_bytes", "read_rate", "write_rate", "net_rx_rate", "net_tx_rate")
        more = {
            "on_hosts": [LensHost.of(info) for info in summary.infos],
            "gpu_percent": _maybe(summary.gpu_percent),
            "gpu_memory_bytes": _maybe(summary.gpu_memory_bytes),
            "energy_j": None if summary.energy_uj is None else summary.energy_uj / 1e6,
        }
        same = ("samples", "collectors", "totals", "max_processes", "max_threads", "gaps")
        return cls.model_validate(
            _row(summary)
            | {name: StatisticView.of(getattr(summary, name)) for name in rates}
            | {name: getattr(summary, name) for name in same}
            | more
        )


class LensFile(BaseModel):
    """Traffic of a job on one file. In `path`, bytes that are no text are escaped; a file without a path is all those
    that are beyond the bound of files that are told apart."""

    path: str
    mount: str
    fs_type: str
    traffic: Traffic
    read_bytes: int
    read_ops: int
    write_bytes: int
    write_ops: int

    @classmethod
    def of(cls, sample: FileSample) -> LensFile:
        return cls.model_validate(spelled_out({name: getattr(sample, name) for name in cls.model_fields}))


class LensProcess(BaseModel):
    """One process, as it was at `time`; `started` too is in seconds since the epoch."""

    host: str
    time: float
    pid: int
    ppid: int
    name: str
    utime_ns: int
    stime_ns: int
    started: float
    vm_bytes: int
    rss_bytes: int
    rss_peak_bytes: int
    swap_bytes: int
    threads: int
    rchar: int
    wchar: int
    read_bytes: int
    write_bytes: int


class LensConnection(BaseModel):
    """One connection, as it was at `time`. Bytes, round-trip time and segments sent again are told of TCP in the node's
    own network, else they are 0; `state` is empty for what has none."""

    host: str
    time: float
    pid: int
    proto: str
    state: str
    local_addr: str
    local_port: int
    peer_addr: str
    peer_port: int
    sent: int
    received: int
    rtt_us: int
    retransmits: int


class LensStack(BaseModel):
    """Calls, the outermost first, in which processes of one name were seen on a processor; `cpu_ns` is the CPU time
    that these samples stand for."""

    process: str
    frames: Sequence[str]
    samples: int
    cpu_ns: int

    @classmethod
    def of(cls, seen: SeenStack) -> LensStack:
        frames = [spelled(frame) for frame in seen.frames]
        return cls(process=spelled(seen.process), frames=frames, samples=seen.samples, cpu_ns=seen.cpu_ns)


class LensMark(BaseModel):
    """Something that happened to the job, for a line in a plot."""

    time: float
    kind: MarkKind
    text: str

    @classmethod
    def of(cls, mark: Mark) -> LensMark:
        return cls(time=mark.time, kind=mark.kind, text=spelled(mark.text))


def spelled(text: str) -> str:
    """Bytes that are no UTF-8, which JSON cannot hold, as `\\xNN`; halves of characters that stand for no byte, which
    no collector sends, as `\\uNNNN`."""
    try:
        told = text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        told = text.encode(errors="backslashreplace")
    return told.decode(errors="backslashreplace")


def spelled_out(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same with all its texts."""
    return {name: spelled(value) if isinstance(value, str) else value for name, value in data.items()}


def _row(summary: JobSummary) -> dict[str, object]:
    totals, known = summary.totals, len(summary.infos)
    cpus, memory = _sum(info.cpus for info in summary.infos), _sum(info.memory_bytes for info in summary.infos)
    return {
        **_names(summary),
        "cluster": summary.key.cluster,
        "job": summary.key.job,
        "hosts": sorted({spelled(info.host) for info in summary.infos}),
        "host_count": summary.hosts,
        "state": summary.state.value,
        "first_seen": summary.first_seen,
        "last_seen": summary.last_seen,
        "cpus": cpus,
        "memory_bytes": memory,
        "cpu_percent": StatisticView.of(summary.cpu_percent),
        "rss_peak_bytes": summary.rss_peak_bytes,
        "read_bytes": totals.get("rchar", 0),
        "write_bytes": totals.get("wchar", 0),
        "net_bytes": totals.get("net_rx", 0) + totals.get("net_tx", 0),
        "cpu_efficiency": known * summary.cpu_percent.avg / (100 * cpus) if cpus else None,
        "memory_efficiency": known * summary.rss_peak_bytes / memory if memory else None,
        "now": LensNow.model_validate(summary.now) if summary.now and summary.state is JobState.RUNNING else None,
    }


def _names(summary: JobSummary) -> dict[str, str]:
    """As its first host tells them; empty where what a node sent of them was lost on the way."""
    first = next(iter(summary.infos), None)
    return {name: spelled(getattr(first, name)) if first else "" for name in ("user", "name", "scheduler")}


def _sum(values: Iterable[int | None]) -> int | None:
    """None where one of them is not known, or there is none."""
    known = list(values)
    return None if None in known or not known else sum(value or 0 for value in known)


def _maybe(statistic: Statistic | None) -> StatisticView | None:
    return None if statistic is None else StatisticView.of(statistic)

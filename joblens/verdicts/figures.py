"""The figures of one job that verdicts are made of, worked out from its summary, series, files and request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joblens.records import FileSample, Traffic
from joblens.store.trace_store import JobState, JobSummary, Point

SERIES = ("rss_bytes", "swap_bytes", "write_rate")
"""What `figures_of` needs of the metrics of the store."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a job asked for; None is not known."""

    cpus: int | None = None  # all hosts together
    memory_bytes: int | None = None  # on each host: the mean, where they differ
    gpus: int | None = None


@dataclass(frozen=True, slots=True)
class FileFigures:
    count: int = 0
    bytes: int = 0  # read and written
    calls: int = 0  # in which
    read_bytes: int = 0
    hottest: str = ""
    hottest_bytes: int = 0  # read from it
    hottest_jobs: int = 1  # jobs that read it


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates are per second over the whole run. `unseen` names what the collector could not see."""

    duration_s: float
    ended: bool
    samples: int
    request: Request
    cores: float  # mean number of busy ones
    cpu_s: float
    rss_peak_bytes: int
    rss: tuple[float, ...]  # over time
    swap_peak_bytes: float
    written: tuple[float, ...]  # bytes a second over time
    read_bytes: int  # asked for
    calls: int  # read and write calls
    call_bytes: int  # of them
    storage_read_bytes: int
    storage_bytes: int
    net_bytes: int
    minor_faults: int
    voluntary_switches: int
    involuntary_switches: int
    processes: int
    threads: int
    files: FileFigures
    gpu_percent: float | None
    hosts: int = 1  # of which the peak of memory is that of the fullest
    cpu_wait_s: float = 0.0  # all threads together, as below: ready to run, without a processor
    io_wait_s: float = 0.0  # 0 too where the kernel does not account for delays
    unseen: tuple[str, ...] = ()

    @property
    def cpus(self) -> int:
        """Cores that the job may use; one where its request is not known."""
        return self.request.cpus or 1

    @property
    def wanted(self) -> float:
        """Mean number of cores that it used or stood ready for."""
        return self.cores + self.rate(self.cpu_wait_s)

    def rate(self, amount: float) -> float:
        return amount / self.duration_s


def figures_of(
    summary: JobSummary,
    series: Mapping[str, Sequence[Point]],
    files: FileFigures,
    request: Request | None = None,
    unseen: tuple[str, ...] = (),
) -> Figures:
    totals = summary.totals
    duration_s = _duration(summary)
    cpu_s = totals.get("cpu_ns", 0) / 1e9
    return Figures(
        duration_s=duration_s,
        ended=summary.state is JobState.ENDED,
        samples=summary.samples,
        request=request or request_of(summary),
        cores=cpu_s / duration_s,
        cpu_s=cpu_s,
        rss_peak_bytes=summary.rss_peak_bytes,
        rss=tuple(point.avg for point in series.get("rss_bytes", ())),
        swap_peak_bytes=max((point.max for point in series.get("swap_bytes", ())), default=0.0),
        written=tuple(point.avg for point in series.get("write_rate", ())),
        read_bytes=totals.get("rchar", 0),
        calls=totals.get("syscr", 0) + totals.get("syscw", 0),
        call_bytes=totals.get("rchar", 0) + totals.get("wchar", 0),
        storage_read_bytes=totals.get("read_bytes", 0),
        storage_bytes=totals.get("read_bytes", 0) + totals.get("write_bytes", 0),
        net_bytes=totals.get("net_rx", 0) + totals.get("net_tx", 0),
        minor_faults=totals.get("minor_faults", 0),
        voluntary_switches=totals.get("voluntary_switches", 0),
        involuntary_switches=totals.get("involuntary_switches", 0),
        processes=summary.max_processes,
        threads=summary.max_threads,
        files=files,
        gpu_percent=summary.gpu_percent.avg if summary.gpu_percent else None,
        hosts=max(summary.hosts, 1),
        cpu_wait_s=totals.get("cpu_wait_ms", 0) / 1e3,
        io_wait_s=totals.get("io_wait_ms", 0) / 1e3,
        unseen=unseen,
    )


def _duration(summary: JobSummary) -> float:
    started = min((info.started for info in summary.infos), default=summary.first_seen)
    return max(summary.last_seen - started, 1e-3)


def request_of(summary: JobSummary) -> Request:
    """As far as every host's share is known."""
    cpus = [info.cpus for info in summary.infos if info.cpus]
    memory = [info.memory_bytes for info in summary.infos if info.memory_bytes]
    whole = summary.hosts  # of which the summary may name fewer
    return Request(
        cpus=sum(cpus) if whole and len(cpus) == whole else None,
        memory_bytes=sum(memory) // whole if whole and len(memory) == whole else None,
    )


def file_figures(samples: Sequence[FileSample]) -> FileFigures:
    """How many jobs read the hottest is not in there."""
    found = [sample for sample in samples if sample.traffic is Traffic.FILE]
    if not found:
        return FileFigures()
    named = (sample for sample in found if sample.path)  # without a path: all that are beyond a bound
    hottest = max(named, key=lambda sample: sample.read_bytes, default=None)
    return FileFigures(
        count=len(found),
        bytes=sum(sample.read_bytes + sample.write_bytes for sample in found),
        calls=sum(sample.read_ops + sample.write_ops for sample in found),
        read_bytes=sum(sample.read_bytes for sample in found),
        hottest=hottest.path if hottest else "",
        hottest_bytes=hottest.read_bytes if hottest else 0,
    )

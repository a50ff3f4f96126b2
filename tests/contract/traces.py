"""Jobs that the contract of trace stores is told with: what one collector learns of them, interval by interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from joblens.records import Batch, FileSample, JobInfo, JobKey, JobSample, Level, Mark, MarkKind, Traffic

BEGAN = 1_764_100_000.0
INTERVAL_S = 10.0
MB = 1 << 20
KEY = JobKey("htcondor", "172.0")


def at(step: int) -> float:
    return BEGAN + step * INTERVAL_S


def info(key: JobKey = KEY, host: str = "node1", **changed: object) -> JobInfo:
    told = JobInfo(key, "htcondor", host, "alice", 1000, "reco.sh", 17, BEGAN, schedd="schedd@ap", cpus=4)
    return replace(told, **changed)  # pyright: ignore[reportArgumentType]


def sample(
    key: JobKey = KEY, step: int = 1, *, final: bool = False, cores: float = 1.0, rss_mb: int = 100
) -> JobSample:
    """After `step` intervals of `cores` busy cores, 2 MB read, 1 MB written and 1,000 bytes sent in each."""
    return JobSample(
        key=key,
        time=at(step),
        cpu_ns=int(step * INTERVAL_S * cores * 1e9),
        rchar=step * 2 * MB,
        wchar=step * MB,
        read_bytes=step * MB,
        write_bytes=0,
        syscr=step * 20,
        syscw=step * 10,
        net_rx=0,
        net_tx=step * 1000,
        minor_faults=step,
        major_faults=0,
        voluntary_switches=step * 3,
        involuntary_switches=step,
        cpu_wait_ms=step * 7,
        io_wait_ms=step * 5,
        rss_bytes=0 if final else rss_mb * MB,
        rss_peak_bytes=rss_mb * MB,
        swap_bytes=0,
        processes=0 if final else 3,
        threads=0 if final else 5,
        final=final,
    )


def file(path: str, step: int, *, read: int = 0, written: int = 0, key: JobKey = KEY) -> FileSample:
    return FileSample(key, at(step), path, "/data", "ext4", Traffic.FILE, read, read // 10, written, written // 10)


def batch(sequence: int, *rows: object, host: str = "node1", step: int | None = None) -> Batch:
    """What a host's collector tells of one interval; `rows` of whatever kinds, the step is the sequence."""
    told = Batch(host, sequence, at(sequence if step is None else step), INTERVAL_S, Level.BPF)
    tables: dict[type, list[object]] = {
        JobInfo: [*told.jobs],
        JobSample: [*told.samples],
        FileSample: [*told.files],
        Mark: [*told.marks],
    }
    for row in rows:
        tables[type(row)].append(row)
    return replace(
        told,
        jobs=tables[JobInfo],  # pyright: ignore[reportArgumentType]
        samples=tables[JobSample],  # pyright: ignore[reportArgumentType]
        files=tables[FileSample],  # pyright: ignore[reportArgumentType]
        marks=tables[Mark],  # pyright: ignore[reportArgumentType]
    )


def life(steps: int, *, key: JobKey = KEY, host: str = "node1", first: int = 1) -> Sequence[Batch]:
    """A whole job, from the interval in which it is found to the one in which it ends."""
    told = [batch(first, info(key, host), sample(key, 1), Mark(key, at(1), MarkKind.START, ""), host=host, step=1)]
    told += [batch(first + step - 1, sample(key, step), host=host, step=step) for step in range(2, steps)]
    return [*told, batch(first + steps - 1, sample(key, steps, final=True), host=host, step=steps)]

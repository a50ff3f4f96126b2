"""The single processes of a captured job, from `/proc`. Bounded; those with the most memory come first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from joblens.collector.probes import proc_stat
from joblens.records import JobKey, ProcessSample

MOST = 1000
MOST_LOOKED_AT = 3000
"""Of a job with more, the rest waits behind: the time is that of all jobs."""


def process_samples(key: JobKey, pids: Iterable[int], time: float) -> list[ProcessSample]:
    samples = [sample for pid in islice(pids, MOST_LOOKED_AT) if (sample := _sample(key, pid, time))]
    return sorted(samples, key=lambda sample: sample.rss_bytes, reverse=True)[:MOST]


def _sample(key: JobKey, pid: int, time: float) -> ProcessSample | None:
    stat = proc_stat.stat(pid)
    if stat is None:
        return None
    status, io = proc_stat.status(pid), proc_stat.io(pid)
    return ProcessSample(
        key=key,
        time=time,
        pid=pid,
        ppid=stat.ppid,
        name=stat.name,
        utime_ns=stat.user_ns,
        stime_ns=stat.system_ns,
        started=proc_stat.started(stat.start_ticks),
        vm_bytes=stat.vm_bytes,
        rss_bytes=stat.rss_bytes,
        rss_peak_bytes=status.rss_peak_bytes,
        swap_bytes=status.swap_bytes,
        threads=stat.threads,
        rchar=io.rchar,
        wchar=io.wchar,
        read_bytes=io.read_bytes,
        write_bytes=io.write_bytes,
        minor_faults=stat.minor_faults,
        major_faults=stat.major_faults,
        voluntary_switches=status.voluntary_switches,
        involuntary_switches=status.involuntary_switches,
    )

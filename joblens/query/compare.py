"""Two jobs side by side: the same figures of both, and how many times the first the second is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from joblens.store.trace_store import JobSummary

Figure = Callable[[JobSummary], float]


class Compared(NamedTuple):
    """`ratio` is second ÷ first; None where the first is 0."""

    figure: str
    unit: str
    first: float
    second: float
    ratio: float | None


def _total(name: str, per: float = 1.0) -> Figure:
    return lambda summary: summary.totals.get(name, 0) / per


FIGURES: Sequence[tuple[str, str, Figure]] = (
    ("duration", "s", lambda summary: summary.last_seen - summary.first_seen),
    ("cpu_time", "s", _total("cpu_ns", 1e9)),
    ("cpu_percent", "percent of one core", lambda summary: summary.cpu_percent.avg),
    ("memory_peak", "bytes", lambda summary: float(summary.rss_peak_bytes)),
    ("memory", "bytes", lambda summary: summary.rss_bytes.avg),
    ("read", "bytes", _total("rchar")),
    ("write", "bytes", _total("wchar")),
    ("storage_read", "bytes", _total("read_bytes")),
    ("storage_write", "bytes", _total("write_bytes")),
    ("read_calls", "calls", _total("syscr")),
    ("write_calls", "calls", _total("syscw")),
    ("network_received", "bytes", _total("net_rx")),
    ("network_sent", "bytes", _total("net_tx")),
    ("major_faults", "faults", _total("major_faults")),
    ("cpu_wait", "s", _total("cpu_wait_ms", 1e3)),
    ("io_wait", "s", _total("io_wait_ms", 1e3)),
    ("processes", "processes", lambda summary: float(summary.max_processes)),
    ("threads", "threads", lambda summary: float(summary.max_threads)),
    ("gpu_percent", "percent", lambda summary: summary.gpu_percent.avg if summary.gpu_percent else 0.0),
)


def compare(first: JobSummary, second: JobSummary) -> Sequence[Compared]:
    """Figures that are 0 in both are left out."""
    rows = [_compared(name, unit, figure(first), figure(second)) for name, unit, figure in FIGURES]
    return [row for row in rows if row.first or row.second]


def _compared(name: str, unit: str, first: float, second: float) -> Compared:
    return Compared(name, unit, first, second, second / first if first else None)

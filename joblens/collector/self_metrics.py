"""What the collector itself costs and loses, in Prometheus' text format (version 0.0.4), for node_exporter's textfile
collector: the file is replaced whole, so that nobody reads a half one, and no port is opened."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from typing import NamedTuple

_PREFIX = "ink_joblens_collector_"


class Metric(NamedTuple):
    name: str
    kind: str  # "counter" or "gauge"
    help: str
    value: float
    labels: str = ""


def own_cost(children: tuple[int, ...] = ()) -> list[Metric]:
    """CPU time and memory of this process, and of the children that it is told of."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return [
        Metric("cpu_seconds_total", "counter", "CPU time of the collector.", used.ru_utime + used.ru_stime),
        Metric("resident_bytes", "gauge", "Resident memory of the collector.", resident_bytes(os.getpid())),
        Metric("resident_peak_bytes", "gauge", "Most memory it ever held.", used.ru_maxrss * 1024),
        Metric(
            "children_resident_bytes",
            "gauge",
            "Of its readers of cards and stacks.",
            sum(map(resident_bytes, children)),
        ),
    ]


def resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def exposition(metrics: list[Metric]) -> str:
    lines: list[str] = []
    for metric in metrics:
        name = _PREFIX + metric.name
        lines += [
            f"# HELP {name} {metric.help}",
            f"# TYPE {name} {metric.kind}",
            f"{name}{metric.labels} {metric.value}",
        ]
    return "\n".join(lines) + "\n"


def replace(path: Path, metrics: list[Metric]) -> None:
    """For others to read, whatever the umask. Raises `OSError`, also where somebody else lays a link in its place."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(exposition([*metrics, Metric("written_seconds", "gauge", "When this was written.", time.time())]))
    new.replace(path)

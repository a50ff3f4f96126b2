"""The figures that a series, a summary and a rule are made of: their names, where they come from and how they combine.

A gauge is told as it was sampled; a counter as its rate a second between one sample and the next of the same source (a
host, or a card of a host). Over several sources an additive figure is the sum and any other the mean.
"""

from __future__ import annotations

from typing import NamedTuple

from ink_core.errors import BadInput


class Metric(NamedTuple):
    name: str
    collector: str  # of cpumem, io, net, gpu, power
    table: str  # of `Batch`
    field: str
    counter: bool
    unit: str
    scale: float = 1.0  # of the field, or of its rate
    additive: bool = True


_ALL = (
    Metric("cpu_percent", "cpumem", "samples", "cpu_ns", True, "percent of one core", 1e-7),
    Metric("rss_bytes", "cpumem", "samples", "rss_bytes", False, "bytes"),
    Metric("rss_peak_bytes", "cpumem", "samples", "rss_peak_bytes", False, "bytes"),
    Metric("swap_bytes", "cpumem", "samples", "swap_bytes", False, "bytes"),
    Metric("processes", "cpumem", "samples", "processes", False, ""),
    Metric("threads", "cpumem", "samples", "threads", False, ""),
    Metric("minor_fault_rate", "cpumem", "samples", "minor_faults", True, "1/s"),
    Metric("major_fault_rate", "cpumem", "samples", "major_faults", True, "1/s"),
    Metric("voluntary_switch_rate", "cpumem", "samples", "voluntary_switches", True, "1/s"),
    Metric("involuntary_switch_rate", "cpumem", "samples", "involuntary_switches", True, "1/s"),
    Metric("cpu_wait_percent", "cpumem", "samples", "cpu_wait_ms", True, "percent of one thread", 0.1),
    Metric("io_wait_percent", "io", "samples", "io_wait_ms", True, "percent of one thread", 0.1),
    Metric("read_rate", "io", "samples", "rchar", True, "bytes/s"),
    Metric("write_rate", "io", "samples", "wchar", True, "bytes/s"),
    Metric("storage_read_rate", "io", "samples", "read_bytes", True, "bytes/s"),
    Metric("storage_write_rate", "io", "samples", "write_bytes", True, "bytes/s"),
    Metric("read_call_rate", "io", "samples", "syscr", True, "1/s"),
    Metric("write_call_rate", "io", "samples", "syscw", True, "1/s"),
    Metric("net_rx_rate", "net", "samples", "net_rx", True, "bytes/s"),
    Metric("net_tx_rate", "net", "samples", "net_tx", True, "bytes/s"),
    Metric("gpu_percent", "gpu", "gpus", "sm_percent", False, "percent of the card", additive=False),
    Metric("gpu_memory_percent", "gpu", "gpus", "memory_percent", False, "percent of the card", additive=False),
    Metric("gpu_memory_bytes", "gpu", "gpus", "memory_bytes", False, "bytes"),
    Metric("power_watts", "power", "power", "energy_uj", True, "W", 1e-6),
)
METRICS = {metric.name: metric for metric in _ALL}


def metric(name: str) -> Metric:
    """Raises `BadInput` with the names that there are."""
    if name not in METRICS:
        raise BadInput(f"There is no metric {name!r}; there are {', '.join(METRICS)}.")
    return METRICS[name]

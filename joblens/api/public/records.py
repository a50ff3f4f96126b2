"""Records in the form of the public JobLens: `data{process_data[], summary}` with its names and units. Pure.

Beside what its documentation says: `writer_bytes` is its spelling, `write_bytes` the same; `utime` holds all CPU time
in ticks of `hz`, since our counter is of both kinds, and `stime` is 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joblens.api.public.fields import ALIASES, SHORT, SUMMARY_NAME, flattened, value_at
from joblens.api.public.times import text_of
from joblens.api.views import spelled, spelled_out
from joblens.store.trace_store import RawRecord

HZ = 100
KIB = 1024
Row = Mapping[str, Any]
PARTS: Mapping[str, str] = {"cpumem": "process", "io": "file", "net": "connection"}
"""Which samples are told inside a record of a collector."""


@dataclass(frozen=True)
class Around:
    """What a record is told with: the one before of its host and collector, when the job began there, and its parts."""

    before: RawRecord | None
    started: float | None
    parts: Sequence[Row] = field(default_factory=tuple[Row, ...])


class Inside:
    """What each of these records is told with, in their order: all cards of a host at one time within the first, and
    what was sampled with the other collectors within the first record of its time. A node may send as many of one time
    as it likes; all of it is told once."""

    def __init__(self, told: Iterable[RawRecord], parts: Iterable[RawRecord]) -> None:
        self._cards: defaultdict[tuple[str, float], list[RawRecord]] = defaultdict(list)
        self._parts: defaultdict[tuple[str, float, str], list[Row]] = defaultdict(list)
        for record in told:
            if record.collector == "gpu":
                self._cards[record.host, record.time].append(record)
        for part in parts:
            self._parts[part.host, part.time, part.collector].append(part.data)

    def of(self, record: RawRecord) -> Sequence[Row] | None:
        """None for a card that is told within the record of another."""
        if record.collector == "gpu":
            cards = self._cards[record.host, record.time]
            return [card.data for card in cards] if cards[0] is record else None
        return self._parts.pop((record.host, record.time, PARTS.get(record.collector, "")), ())


def public(record: RawRecord, around: Around) -> dict[str, Any]:
    """The record of one collector, without `fields`."""
    data = _FORMS[record.collector](record, around)
    shown: dict[str, Any] = {
        "cluster": record.key.cluster,
        "collector": record.collector,
        "time": text_of(record.time),
        "host": record.host,
        "job": record.key.job,
        "data": data,
    }
    short = {name: value_at(shown, ALIASES[name].path) for name in SHORT}
    return shown | {name: value for name, value in short.items() if value is not None}


def with_fields(record: dict[str, Any], wanted: Sequence[str], flatten: bool | None) -> dict[str, Any]:
    """`fields` under the names that were asked for, `data`, or both where nobody said which."""
    if flatten is False:
        return record
    all_fields = flattened(record["data"])
    paths = {name: ALIASES[name].path if name in ALIASES else name for name in wanted}
    found = {name: value_at(record, path) for name, path in paths.items()} if wanted else all_fields
    kept = record if flatten is None else {name: value for name, value in record.items() if name != "data"}
    return kept | {"fields": {name: value for name, value in found.items() if value is not None}}


def _rate(record: RawRecord, around: Around, name: str) -> float:
    """A second, since the record before, or since the job began there."""
    now, before = float(record.data[name]), around.before
    if before is not None and before.time < record.time and before.data[name] <= now:
        return (now - before.data[name]) / (record.time - before.time)
    if around.started is not None and around.started < record.time:
        return now / (record.time - around.started)
    return 0.0


def _summary(**figures: Any) -> dict[str, Any]:
    return {"pid": 0, "name": SUMMARY_NAME, **figures}


def _cpumem(record: RawRecord, around: Around) -> dict[str, Any]:
    data = record.data
    summary = _summary(
        ppid=0,
        cpuPercent=round(_rate(record, around, "cpu_ns") / 1e7, 3),
        utime=data["cpu_ns"] * HZ // 10**9,
        stime=0,
        hz=HZ,
        mem_rss_kb=data["rss_bytes"] // KIB,
        mem_peak_rss_kb=data["rss_peak_bytes"] // KIB,
        mem_swap_kb=data["swap_bytes"] // KIB,
        numThreads=data["threads"],
        numProcesses=data["processes"],
        minor_faults=data["minor_faults"],
        major_faults=data["major_faults"],
        voluntary_switches=data["voluntary_switches"],
        involuntary_switches=data["involuntary_switches"],
        cpu_wait_ms=data["cpu_wait_ms"],
    )
    if around.started is not None:
        summary["starttime"] = around.started
    return {"process_data": [_process(row, record.time) for row in around.parts], "summary": summary}


def _process(row: Row, time: float) -> dict[str, Any]:
    """`cpuPercent` is the mean since it began."""
    lived, spent = time - row["started"], row["utime_ns"] + row["stime_ns"]
    return {
        "pid": row["pid"],
        "ppid": row["ppid"],
        "name": spelled(row["name"]),
        "cpuPercent": round(spent / lived / 1e7, 3) if lived > 0 else 0.0,
        "utime": row["utime_ns"] * HZ // 10**9,
        "stime": row["stime_ns"] * HZ // 10**9,
        "starttime": row["started"],
        "hz": HZ,
        "mem_vm_kb": row["vm_bytes"] // KIB,
        "mem_rss_kb": row["rss_bytes"] // KIB,
        "mem_peak_rss_kb": row["rss_peak_bytes"] // KIB,
        "mem_swap_kb": row["swap_bytes"] // KIB,
        "numThreads": row["threads"],
        **{name: row[name] for name in ("minor_faults", "major_faults", "voluntary_switches", "involuntary_switches")},
    }


def _io(record: RawRecord, around: Around) -> dict[str, Any]:
    data = record.data
    summary = _summary(
        read_bytes=data["read_bytes"],
        writer_bytes=data["write_bytes"],
        write_bytes=data["write_bytes"],
        read_speed=round(_rate(record, around, "read_bytes"), 3),
        write_speed=round(_rate(record, around, "write_bytes"), 3),
        rchar=data["rchar"],
        wchar=data["wchar"],
        syscr=data["syscr"],
        syscw=data["syscw"],
        io_wait_ms=data["io_wait_ms"],
        files=[_file(row) for row in around.parts],
    )
    return {"process_data": [], "summary": summary}


def _file(row: Row) -> dict[str, Any]:
    """Of a file by its path, so without a descriptor or a position."""
    return {
        "path": spelled(row["path"]),
        "mount_point": spelled(row["mount"]),
        "fs_type": spelled(row["fs_type"]),
        "traffic": row["traffic"],
        "read_bytes": row["read_bytes"],
        "write_bytes": row["write_bytes"],
        "read_ops": row["read_ops"],
        "write_ops": row["write_ops"],
    }


def _net(record: RawRecord, around: Around) -> dict[str, Any]:
    summary = _summary(
        sent=record.data["net_tx"],
        recv=record.data["net_rx"],
        send_rate=round(_rate(record, around, "net_tx"), 3),
        recv_rate=round(_rate(record, around, "net_rx"), 3),
        connections=[_connection(row) for row in around.parts],
    )
    return {"process_data": [], "summary": summary}


def _connection(row: Row) -> dict[str, Any]:
    names = ("pid", "proto", "state", "local_addr", "local_port", "peer_addr", "peer_port", "sent")
    told = spelled_out({name: row[name] for name in names})
    return told | {"recv": row["received"], "rtt": row["rtt_us"], "retrans": row["retransmits"]}


def _gpu(record: RawRecord, around: Around) -> dict[str, Any]:
    """Of all cards of the job on the host: what the driver does not tell of one is left out of their mean."""
    devices = [_device(data) for data in around.parts or (record.data,)]
    busy = [device["sm_util"] for device in devices if device["sm_util"] is not None]
    mean = sum(busy) / len(busy) if busy else None
    summary = _summary(
        gpu_count=len(devices),
        total_mem_used_mb=sum(device["mem_used_mb"] for device in devices),
        avg_sm_util=mean,
        avg_gpu_util=mean,
        devices=devices,
    )
    return {"process_data": [], "summary": summary}


def _device(data: Row) -> dict[str, Any]:
    return {
        "gpu_index": data["card"],
        "gpu_name": spelled(data["name"]),
        "gpu_uuid": spelled(data["mig"] or data["uuid"]),
        "mem_used_mb": data["memory_bytes"] / 2**20,
        "mem_total_mb": data["memory_total_bytes"] / 2**20,
        "sm_util": data["sm_percent"],
        "gpu_util": data["sm_percent"],
        "mem_util": data["memory_percent"],
        "processes": data["processes"],
    }


def _power(record: RawRecord, around: Around) -> dict[str, Any]:
    summary = _summary(
        energy_j=record.data["energy_uj"] / 1e6,
        avg_power_w=round(_rate(record, around, "energy_uj") / 1e6, 3),
        host_energy_j=record.data["host_energy_uj"] / 1e6,
    )
    return {"process_data": [], "summary": summary}


_FORMS: Mapping[str, Callable[[RawRecord, Around], dict[str, Any]]] = {
    "cpumem": _cpumem,
    "io": _io,
    "net": _net,
    "gpu": _gpu,
    "power": _power,
}

"""What is recorded about a job: the values that the collector writes and the store keeps.

Counters are cumulative since the job began on that host: a lost sample loses no total, and rates are differences. Times
are seconds since the epoch (float, UTC), sizes bytes, CPU times nanoseconds. Standard library only: the collector holds
these in a process of at most 40 MB.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple


class Level(StrEnum):
    """How the kernel is observed; what a level cannot see is 0 in its samples and named in `Batch.unseen`."""

    BPF = "bpf"
    PROC = "proc"


class JobKey(NamedTuple):
    """A job as its scheduler names it: `172.0` (HTCondor) or `67890` (Slurm; a task of an array is `67890_3`)."""

    cluster: str
    job: str


@dataclass(frozen=True, slots=True)
class JobInfo:
    """What a node knows of a job from its process tree: written once when it is found, again when more is known."""

    key: JobKey
    scheduler: str  # "htcondor", "slurm" or "local"
    host: str
    user: str
    uid: int
    name: str
    root_pid: int
    started: float
    schedd: str = ""
    step: str = ""
    adopted: bool = False  # ran before the collector: earlier work counts as far as the kernel kept it
    cpus: int | None = None
    memory_bytes: int | None = None


class JobSample(NamedTuple):
    """A job on one host at one moment. All but the last six fields are cumulative."""

    key: JobKey
    time: float
    cpu_ns: int
    rchar: int  # bytes asked for by read calls, page cache and pipes included
    wchar: int
    read_bytes: int  # bytes really fetched from storage
    write_bytes: int
    syscr: int
    syscw: int
    net_rx: int
    net_tx: int
    minor_faults: int
    major_faults: int
    voluntary_switches: int
    involuntary_switches: int
    cpu_wait_ms: int  # its threads were ready to run and had no processor; the noise of finer units costs too much room
    io_wait_ms: int  # its threads waited for block devices; 0 unless the kernel accounts for delays
    rss_bytes: int
    rss_peak_bytes: int
    swap_bytes: int
    processes: int
    threads: int
    final: bool  # the job has ended on this host; the counters are exact and will not change


COUNTERS = (
    "cpu_ns", "rchar", "wchar", "read_bytes", "write_bytes", "syscr", "syscw", "net_rx", "net_tx", "minor_faults",
    "major_faults", "voluntary_switches", "involuntary_switches", "cpu_wait_ms", "io_wait_ms",
)  # fmt: skip
"""The cumulative fields of `JobSample`, in its order: a new one is added at their end."""
counters_of: Callable[[JobSample], tuple[int, ...]] = itemgetter(*map(JobSample._fields.index, COUNTERS))


class Traffic(StrEnum):
    """What a `FileSample` speaks of."""

    FILE = "file"
    NETWORK = "network"  # a file read or written through a network protocol, path is its address
    UNATTRIBUTED = "unattributed"  # mapped files, libaio: what no file is known of, at least; path is ""

    __hash__ = str.__hash__  # that of an `Enum` is a function of Python's, and each file is looked up by its traffic


class FileSample(NamedTuple):
    """The traffic of one job on one file since the job began there; kept after the file is closed."""

    key: JobKey
    time: float
    path: str  # as the job sees it, bytes that are not UTF-8 surrogate-escaped; "" for all files beyond a bound
    mount: str
    fs_type: str
    traffic: Traffic
    read_bytes: int
    read_ops: int
    write_bytes: int
    write_ops: int


class ProcessSample(NamedTuple):
    """One process of a job; taken while a capture asks for processes."""

    key: JobKey
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
    minor_faults: int  # these two with those of children that it has waited for
    major_faults: int
    voluntary_switches: int
    involuntary_switches: int


class ConnectionSample(NamedTuple):
    """One network connection of a job; taken while a capture asks for connections."""

    key: JobKey
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


class StackSample(NamedTuple):
    """Calls in which a process was seen on a processor since the last sample; taken while a capture asks for stacks."""

    key: JobKey
    time: float
    pid: int
    name: str
    frames: str  # functions, the outermost first, with `;` between them
    samples: int
    cpu_ns: int  # the CPU time that the samples stand for


class GpuSample(NamedTuple):
    """One job on one card, or on one MIG slice of it."""

    key: JobKey
    time: float
    card: int  # its index on the host
    uuid: str
    name: str
    mig: str  # "" or the slice's uuid
    sm_percent: float | None  # None where the driver does not tell it, as of a MIG slice
    memory_percent: float | None  # of the whole card
    memory_bytes: int
    memory_total_bytes: int
    processes: int
    energy_mj: int  # of the card since its driver was loaded, 0 where the card does not tell


class PowerSample(NamedTuple):
    """Energy of the host's processors, and the job's share of it by CPU time."""

    key: JobKey
    time: float
    energy_uj: int
    host_energy_uj: int


class MarkKind(StrEnum):
    """Events in the life of a job that a plot shows as a line."""

    START = "start"
    END = "end"
    GAP = "gap"  # the collector was away: figures before and after are whole, what is between was not sampled
    CAPTURE = "capture"
    WARNING = "warning"
    HOLD = "hold"
    EVICT = "evict"
    CHECKPOINT = "checkpoint"


class Mark(NamedTuple):
    key: JobKey
    time: float
    kind: MarkKind
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one collector learnt in one interval; written whole or not at all, and at most once (`host`, `sequence`)."""

    host: str
    sequence: int  # rises by one for each batch of a host, also over restarts of the collector
    time: float
    interval_s: float
    level: Level
    unseen: tuple[str, ...] = ()  # figures that the level cannot see, for instance "net", "files"
    jobs: list[JobInfo] = field(default_factory=list[JobInfo])
    samples: list[JobSample] = field(default_factory=list[JobSample])
    files: list[FileSample] = field(default_factory=list[FileSample])
    processes: list[ProcessSample] = field(default_factory=list[ProcessSample])
    connections: list[ConnectionSample] = field(default_factory=list[ConnectionSample])
    gpus: list[GpuSample] = field(default_factory=list[GpuSample])
    power: list[PowerSample] = field(default_factory=list[PowerSample])
    marks: list[Mark] = field(default_factory=list[Mark])
    stacks: list[StackSample] = field(default_factory=list[StackSample])
    encoded: bytes = field(default=b"", init=False, compare=False, repr=False)
    """As it travelled, where it did: it is kept so. A copy with other rows has none."""

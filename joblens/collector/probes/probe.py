"""The seam between the collector and the kernel. A `Probe` speaks of process trees by a handle; what job that is, the
collector works out from the environment, the control group and the owner that come with it.

Adapters: `joblens.bpf.probe` (eBPF, everything), `proc_probe` (`/proc` alone: no network, no files), and
`scripted_probe`, the shipped double. One contract suite runs on all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from joblens.records import Level, Traffic

STARTERS = frozenset({"condor_starter", "slurmstepd"})
"""Names of the processes whose children are jobs; the kernel keeps 15 bytes of a name."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the system says of a tree, beside what its own processes say; nothing here can be forged by the job's user.

    Empty where it could not be read in time. `joblens.collector.identity.evidence.gather` reads it, as soon as a tree
    is seen: a starter outlives a short job by milliseconds."""

    starter_pid: int = 0
    starter: str = ""  # the name of the process that began the tree, for instance "slurmstepd"
    starter_title: str = ""  # its command line; Slurm writes job and step there
    starter_uids: tuple[int, ...] = ()  # real, effective, saved
    account: str = ""  # the name of the tree's uid, as the node knows it
    job_ad: str = ""  # HTCondor's description of the job, cut at 256 KiB
    job_ad_changed: float = 0.0  # when that was last written: later than the tree began, it may be the user's
    environ_at_exec: bool = False  # the kernel gave the environment before the job ran: it is as the starter made it


@dataclass(frozen=True, slots=True)
class Found:
    """A process tree that a starter began: the job's root process, at its first exec or when it was adopted."""

    handle: int  # unique in the life of the probe
    root_pid: int
    uid: int
    started: float  # seconds since the epoch
    name: str
    environ: dict[str, str]  # of the root process at exec, as far as it tells of the job; empty where it was not read
    cgroup: str
    adopted: bool
    evidence: Evidence = Evidence()


class Usage(NamedTuple):
    """The counters of one tree, in the units and the order of `JobSample`."""

    handle: int
    cpu_ns: int
    rchar: int
    wchar: int
    read_bytes: int
    write_bytes: int
    syscr: int
    syscw: int
    net_rx: int
    net_tx: int
    minor_faults: int
    major_faults: int
    voluntary_switches: int
    involuntary_switches: int
    cpu_wait_ms: int
    io_wait_ms: int
    rss_bytes: int
    rss_peak_bytes: int
    swap_bytes: int
    processes: int
    threads: int
    ended: bool  # told once; the handle is not used again
    ended_at: float = 0.0  # seconds since the epoch; 0: not known but that it was before this reading


class FileUsage(NamedTuple):
    """The traffic of one tree on one file, cumulative; told when it changed since the last reading.

    Operations on a file are calls, those with a peer packets. A file or peer without a path is the sum of those beyond
    the probe's bound. What is unattributed is an estimate from below: it may fall."""

    handle: int
    path: str
    mount: str
    fs_type: str
    traffic: Traffic
    read_bytes: int
    read_ops: int
    write_bytes: int
    write_ops: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What changed since the last reading. A tree that began and ended in between is in both `found` and `usages`.

    What is alive in it was alive at `time`."""

    time: float
    found: list[Found] = field(default_factory=list[Found])
    usages: list[Usage] = field(default_factory=list[Usage])
    files: list[FileUsage] = field(default_factory=list[FileUsage])
    lost_events: int = 0  # since the probe was opened


class Probe(Protocol):
    @property
    def level(self) -> Level: ...

    @property
    def unseen(self) -> tuple[str, ...]:
        """Figures that stay 0 at this level: of "net", "udp" (what is no TCP), "files", "short_jobs",
        "cpu_wait", "io_wait"."""
        ...

    def open(self) -> None:
        """Begin, and adopt the trees that run already. Raises `ProbeRefused` with what the host lacks."""
        ...

    def wait(self, timeout_s: float) -> None:
        """Sleep, at most so long, while taking events as they come (short jobs are named only when taken promptly)."""
        ...

    def read(self, *, files: bool = True) -> Reading:
        """What changed. Without `files` those of trees that go on may be left for later: to look at them costs most."""
        ...

    def members(self) -> dict[int, list[int]]:
        """The process ids of each tree now, by its handle, for figures per process, per connection and per GPU."""
        ...

    def close(self) -> None: ...

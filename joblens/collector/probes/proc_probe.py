"""The last fallback: job trees by looking at `/proc` again and again, with no help of the kernel beyond that.

It cannot see network and files, nor a tree that began and ended between two looks, nor what a process did between the
last look and its end, except for what its parent waited for. `unseen` says so. The I/O of other users is seen by root
and with CAP_SYS_PTRACE alone.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from operator import add

from joblens.collector.identity import evidence
from joblens.collector.probes import proc_stat
from joblens.collector.probes.probe import STARTERS, Found, Reading, Usage
from joblens.errors import ProbeRefused
from joblens.records import Level

UNSEEN = ("net", "files", "short_jobs", "io_wait")


Counters = tuple[int, ...]
"""cpu_ns, the six of `Io`, minor and major faults, voluntary and involuntary switches, and the wait
for a CPU of the first thread: what only rises."""
ZERO: Counters = (0,) * 12


@dataclass(slots=True)
class _Process:
    stat: proc_stat.Stat
    counters: Counters = ZERO


@dataclass(slots=True)
class _Tree:
    handle: int
    members: dict[int, _Process] = field(default_factory=dict[int, "_Process"])
    gone: Counters = ZERO
    told: Counters = ZERO
    rss_peak_bytes: int = 0


class ProcProbe:
    """`Probe`. `starters` are the names, of at most 15 bytes, of processes whose children are jobs."""

    def __init__(self, starters: frozenset[str] = STARTERS) -> None:
        self._starters = frozenset(name[:15] for name in starters)
        self._trees: dict[int, _Tree] = {}
        self._tree_of: dict[int, _Tree] = {}
        self._found: list[Found] = []
        self._handles = 0
        waits = ("cpu_wait",) * (not proc_stat.counts_waits_for_cpu())
        others = ("io_of_others",) * (proc_stat.io(1) == proc_stat.Io())
        self._unseen = (*UNSEEN, *waits, *others)

    @property
    def level(self) -> Level:
        return Level.PROC

    @property
    def unseen(self) -> tuple[str, ...]:
        return self._unseen

    def open(self) -> None:
        if proc_stat.stat(os.getpid()) is None:
            raise ProbeRefused("/proc is not mounted, or hides this very process: mount it without hidepid for root")
        self._look(adopted=True)

    def wait(self, timeout_s: float) -> None:
        time.sleep(timeout_s)

    def read(self, *, files: bool = True) -> Reading:
        self._look(adopted=False)
        usages = [self._usage(tree) for tree in list(self._trees.values())]
        found, self._found = self._found, []
        return Reading(time.time(), found, usages)

    def members(self) -> dict[int, list[int]]:
        return {handle: sorted(tree.members) for handle, tree in self._trees.items()}

    def close(self) -> None:
        self._trees.clear()
        self._tree_of.clear()

    def _look(self, *, adopted: bool) -> None:
        seen = {pid: stat for pid in proc_stat.pids() if (stat := proc_stat.stat(pid))}
        self._drop_gone(seen)
        for pid, stat in seen.items():
            if pid not in self._tree_of:
                self._join(pid, stat, seen, adopted)

    def _drop_gone(self, seen: dict[int, proc_stat.Stat]) -> None:
        for tree in self._trees.values():
            gone = {pid: process for pid, process in tree.members.items() if not _same(seen.get(pid), process)}
            for pid in gone:
                del tree.members[pid], self._tree_of[pid]
            for process in gone.values():
                tree.gone = _sum(tree.gone, _folded(process, waited_for=process.stat.ppid in tree.members))
            for pid, process in tree.members.items():
                process.stat = seen[pid]

    def _join(self, pid: int, stat: proc_stat.Stat, seen: dict[int, proc_stat.Stat], adopted: bool) -> None:
        """Below a member it is of that tree; else the outermost starter counts, so that no job can pose as one."""
        line, top = [pid], 0
        while (parent := seen.get(stat.ppid)) and stat.ppid not in self._tree_of:
            if parent.name in self._starters and stat.name not in self._starters:
                top = len(line)
            line.append(stat.ppid)
            stat = parent
        tree = self._tree_of.get(stat.ppid)
        if tree is None:
            if not top:
                return
            line = line[:top]
            tree = self._begin(line[-1], seen[line[-1]], adopted)
        for member in line:
            self._tree_of[member] = tree
            tree.members[member] = _Process(seen[member])

    def _begin(self, pid: int, stat: proc_stat.Stat, adopted: bool) -> _Tree:
        self._handles += 1
        tree = self._trees[self._handles] = _Tree(self._handles)
        uid = proc_stat.status(pid).uid
        self._found.append(
            Found(
                handle=tree.handle,
                root_pid=pid,
                uid=uid,
                started=proc_stat.started(stat.start_ticks),
                name=stat.name,
                environ=evidence.environment(pid),
                cgroup=evidence.control_group(pid),
                adopted=adopted,
                evidence=evidence.gather(stat.ppid, uid),
            )
        )
        return tree

    def _usage(self, tree: _Tree) -> Usage:
        rss = swap = threads = 0
        total = tree.gone
        for pid, process in tree.members.items():
            stat, status = process.stat, proc_stat.status(pid)
            process.counters = _larger(process.counters, _counters(pid, stat, status))
            total = _sum(total, process.counters)
            rss, swap, threads = rss + stat.rss_bytes, swap + status.swap_bytes, threads + stat.threads
            tree.rss_peak_bytes = max(tree.rss_peak_bytes, status.rss_peak_bytes)
        tree.told = _larger(tree.told, total)
        tree.rss_peak_bytes = max(tree.rss_peak_bytes, rss)
        return self._as_usage(tree, rss, swap, threads)

    def _as_usage(self, tree: _Tree, rss: int, swap: int, threads: int) -> Usage:
        cpu, rchar, wchar, syscr, syscw, read, written, minor, major, voluntary, involuntary, waited = tree.told
        ended = not tree.members
        if ended:
            del self._trees[tree.handle]
        return Usage(
            handle=tree.handle,
            cpu_ns=cpu,
            rchar=rchar,
            wchar=wchar,
            read_bytes=read,
            write_bytes=written,
            syscr=syscr,
            syscw=syscw,
            net_rx=0,
            net_tx=0,
            minor_faults=minor,
            major_faults=major,
            voluntary_switches=voluntary,
            involuntary_switches=involuntary,
            cpu_wait_ms=waited,
            io_wait_ms=0,
            rss_bytes=rss,
            rss_peak_bytes=tree.rss_peak_bytes,
            swap_bytes=swap,
            processes=len(tree.members),
            threads=threads,
            ended=ended,
        )


def _same(stat: proc_stat.Stat | None, process: _Process) -> bool:
    return stat is not None and stat.start_ticks == process.stat.start_ticks


def _sum(a: Counters, b: Counters) -> Counters:
    return tuple(map(add, a, b))


def _larger(a: Counters, b: Counters) -> Counters:
    return tuple(map(max, a, b))


def _counters(pid: int, stat: proc_stat.Stat, status: proc_stat.Status) -> Counters:
    cpu = stat.user_ns + stat.system_ns + stat.waited_ns
    switches = (status.voluntary_switches, status.involuntary_switches)
    faults = (stat.minor_faults, stat.major_faults)
    return (cpu, *proc_stat.io(pid), *faults, *switches, proc_stat.cpu_wait_ms(pid) or 0)


def _folded(process: _Process, *, waited_for: bool) -> Counters:
    """What is left of a process that is gone: a parent that waited for it counts its CPU and its faults by itself."""
    counters = process.counters
    return (0, *counters[1:7], 0, 0, *counters[9:]) if waited_for else counters

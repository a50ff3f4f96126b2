"""The probe by eBPF: everything that JobLens tells, at next to no cost."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import struct
import time
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from joblens.bpf import jobs, lifecycle, syscalls, usage
from joblens.bpf.files import FileReader
from joblens.bpf.jobs import JobTable, Row
from joblens.bpf.layout import MAX_PLACES, EventType, FileKey, FileValue, JobState, PeerKey, Shared, Traffic
from joblens.bpf.libbpf import BpfObject, HashMap, known_tracepoints, load_library
from joblens.bpf.net import PeerReader
from joblens.bpf.usage import Tree
from joblens.collector.probes import proc_stat
from joblens.collector.probes.probe import STARTERS, FileUsage, Found, Reading, Usage
from joblens.errors import ProbeRefused
from joblens.records import Level

OBJECT = Path(__file__).with_name("joblens.bpf.o")
FILES_PER_JOB, PEERS_PER_JOB = 2048, 1024
_MEMBERSHIP = struct.Struct("=QQ")
_CROWDED = 512  # ended trees that wait to be read, until they are read before they are asked for

_ALWAYS = {
    "sample": None,
    "tell_usages": None,
    "list_members": None,
    "adopt": None,
    "on_fork": "sched_process_fork",
    "on_exec": "sched_process_exec",
    "on_exit": "sched_process_exit",
    "on_free": "sched_process_free",
}
_NET = {
    "read_connections": None,
    "adopt_connections": None,
    "on_connection": "inet_sock_set_state",
    "on_connection_end": "tcp_destroy_sock",
}
_CALLED = ("read_connections", "tell_usages")
_EXACT = {"on_sys_exit": "sys_exit", "on_ring_complete": "io_uring_complete"}
_SAMPLED = {"sample_files": None}


class Files(StrEnum):
    """How traffic is told by file. `EXACT` costs each system call of the machine some 0.1 µs, and tells UDP, too; the
    others cost none."""

    EXACT = "exact"
    SAMPLED = "sampled"  # how far the positions of files are that are open when a reading is taken
    OFF = "off"


class BpfProbe:
    """One may be open in a process, and any number on a host; each sees the trees under its own `starters`."""

    def __init__(
        self,
        starters: Collection[str] = STARTERS,
        *,
        files: Files = Files.EXACT,
        files_per_job: int = FILES_PER_JOB,
        peers_per_job: int = PEERS_PER_JOB,
        places: int = MAX_PLACES,
        any_user_starts: bool = False,
    ) -> None:
        """`places`: for the files of all jobs together, and as many for their peers. `any_user_starts`: starters need
        not be root's, so that any user can take the room of all jobs."""
        self._starters, self._files = starters, files
        self._bounds, self._places = (files_per_job, peers_per_job), places
        self._any_user_starts = any_user_starts
        self._has_net = True
        self._unseen_waits = proc_stat.unseen_waits()
        self._is_open = False

    @property
    def level(self) -> Level:
        return Level.BPF

    @property
    def unseen(self) -> tuple[str, ...]:
        """Of UDP and the like the kernel keeps no count by socket: only who looks at calls sees it."""
        net = ("net",) * (not self._has_net) + ("udp",) * (self._files is not Files.EXACT)
        return net + ("files",) * (self._files is Files.OFF) + self._unseen_waits

    def open(self) -> None:
        _check_host()
        library = load_library()
        self._object = self._load(library)
        try:
            self._begin(library)
        except BaseException:
            self._object.close()
            raise
        self._is_open = True
        _give_back_memory()

    def wait(self, timeout_s: float) -> None:
        self._object.wait(timeout_s)
        if self._table.fell_quiet - self._quiet > _CROWDED:
            self._collect(files=True)

    def read(self, *, files: bool = True) -> Reading:
        now = time.time()  # of what the pass meets alive, no end is earlier
        self._collect(files=files)
        reading = Reading(now, self._found, self._usages, self._told, self._table.lost_events)
        self._found, self._usages, self._told = [], [], []
        return reading

    def members(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for handle, pid in sorted(_MEMBERSHIP.iter_unpack(self._object.iterate("list_members"))):
            found.setdefault(handle, []).append(pid)
        return found

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._object.close()
            self._table.close()

    def _load(self, library: ctypes.CDLL) -> BpfObject:
        everything = _ALWAYS | _NET | _EXACT | _SAMPLED
        known = known_tracepoints(library, [name for name in everything.values() if name])
        wanted = {name for name, tracepoint in everything.items() if tracepoint is None or tracepoint in known}
        missing = sorted(set(_ALWAYS) - wanted)
        if missing:
            raise ProbeRefused(f"This kernel has no BTF tracepoint for {', '.join(missing)}.")
        self._has_net = set(_NET) <= wanted
        if self._files is not Files.EXACT:
            wanted -= set(_EXACT)
        if self._files is not Files.SAMPLED:
            wanted -= set(_SAMPLED)
        if not self._has_net:
            wanted -= set(_NET)
        return BpfObject(library, OBJECT, sorted(wanted), sorted(set(everything) - wanted), _CALLED)

    def _begin(self, library: ctypes.CDLL) -> None:
        self._table = JobTable(self._object.map_globals(ctypes.sizeof(Shared)))
        kinds = syscalls.kinds(os.uname().machine)
        self._table.configure(
            self._starters, kinds, *self._bounds, places=self._places, any_user_starts=self._any_user_starts
        )
        self._beginnings = lifecycle.Beginnings(root_starts_alone=not self._any_user_starts)
        files = HashMap(library, self._object.map_descriptor("files"), ctypes.sizeof(FileKey), ctypes.sizeof(FileValue))
        peers = HashMap(library, self._object.map_descriptor("peers"), ctypes.sizeof(PeerKey), ctypes.sizeof(Traffic))
        self._file_reader = FileReader(files, tells_unattributed=self._files is Files.EXACT)
        self._peer_reader = PeerReader(peers)
        self._known: set[int] = set()  # handles that were told as found
        self._found: list[Found] = []
        self._usages: list[Usage] = []
        self._told: list[FileUsage] = []
        self._untold: set[int] = set()
        self._quiet = 0  # jobs that had fallen quiet when they were last read
        self._object.open_ring("events", self._take)
        self._object.attach()
        self._object.iterate("adopt")
        self._object.detach("adopt")
        self._given = -1
        self._adopt_connections()

    def _take(self, address: int, _length: int) -> None:
        kind = ctypes.c_uint32.from_address(address).value
        if kind == EventType.FILE_NAMED:
            self._file_reader.take(address)
        else:
            self._beginnings.take(kind, address)

    def _collect(self, *, files: bool) -> None:
        self._table.begin_epoch(tells_peers=files)
        self._quiet = self._table.fell_quiet
        if self._has_net:
            self._object.call("read_connections")
        self._object.iterate("sample")
        if self._files is Files.SAMPLED:
            self._object.iterate("sample_files")
        self._object.call("tell_usages")
        told = self._table.told()
        usages = usage.usages(told)
        self._object.take()
        self._name([each.handle for each in usages])
        if files:
            self._adopt_connections()
        ended = {each.handle for each in usages if each.ended}  # a starter's helpers too
        self._usages += [each for each in usages if each.handle in self._known]
        if files or ended:
            trees = [tree for tree in usage.trees(told, usages) if tree.usage.handle in self._known]
            self._tell_files(trees, ended, peers_of=trees if files else [tree for tree in trees if tree.usage.ended])
        for handle in ended:
            self._free(handle)

    def _adopt_connections(self) -> None:
        """Where a job has been given some: to look at all open files of the host takes milliseconds."""
        given = self._table.given
        if self._has_net and given != self._given:
            self._given = given
            self._object.iterate("adopt_connections")

    def _name(self, handles: list[int]) -> None:
        """Each tree is told once: as the kernel told it at its first exec, otherwise as far as /proc has it."""
        for found in self._beginnings.take_found():
            if found.handle not in self._known:
                self._add(found)
        unknown = [self._table.row(handle) for handle in handles if handle not in self._known]
        for row in unknown:
            if row[jobs.ADOPTED] or self._is_untold(row):
                self._add(lifecycle.found_in_proc(row, self._table.name(row[jobs.HANDLE])))
        self._untold = {row[jobs.HANDLE] for row in unknown if row[jobs.EXECS] and not row[jobs.NAMED]}

    def _is_untold(self, row: Row) -> bool:
        """The ring had no room for its beginning. One that is just being told is not named yet either: wait for it."""
        if not row[jobs.EXECS] or row[jobs.NAMED]:
            return False
        return row[jobs.STATE] == JobState.ENDED or row[jobs.HANDLE] in self._untold

    def _add(self, found: Found) -> None:
        self._known.add(found.handle)
        self._found.append(found)

    def _tell_files(self, trees: list[Tree], ended: set[int], *, peers_of: list[Tree]) -> None:
        if self._files is not Files.OFF:
            self._told += self._file_reader.read(trees, ended)
        if self._has_net:
            self._told += self._peer_reader.read(peers_of)

    def _free(self, handle: int) -> None:
        self._table.give_back(self._file_reader.forget(handle), self._peer_reader.forget(handle))
        self._beginnings.forget(handle)
        self._known.discard(handle)
        self._table.free(handle)


def _check_host() -> None:
    machine = os.uname().machine
    if machine not in syscalls.NUMBERS:
        raise ProbeRefused(f"The system calls of {machine} are not known; known are {', '.join(syscalls.NUMBERS)}.")
    if not Path("/sys/kernel/btf/vmlinux").exists():
        raise ProbeRefused("The kernel describes no types: there is no /sys/kernel/btf/vmlinux.")
    if not OBJECT.exists():
        raise ProbeRefused(f"{OBJECT} is missing; `make bpf` builds it.")


def _give_back_memory() -> None:
    """libbpf has read the kernel's types, some ten MB, which the allocator would keep."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)

"""The table of jobs in memory shared with the kernel: configured here, filled there, and freed here."""

from __future__ import annotations

import ctypes
import mmap
import os
import struct
from collections.abc import Collection, Iterator
from typing import Any

from joblens.bpf.layout import MAX_JOBS, MAX_STARTERS, NAME_LENGTH, Counters, Job, JobState, Places, Shared, Traffic

_SIZE = ctypes.sizeof(Job)
_SUM = struct.Struct(f"={ctypes.sizeof(Counters) // 8}Q")
_BEFORE, _AFTER = Job.ended.offset // 8, (_SIZE - Job.passed.offset - _SUM.size) // 8
_ROW = struct.Struct(f"={_BEFORE}Q{_SUM.size}s{_SUM.size}s{_AFTER}Q")
_TABLE: int = Shared.jobs.offset
_FILES: int = Shared.files.offset
_PEERS: int = Shared.peers.offset
_HANDLE: int = Job.handle.offset
_LATER = slice(Job.handle.offset + 8, _SIZE)  # what is cleared: the handle stays, so that the next one differs


def _at(field: Any) -> int:
    return field.offset // 8


def _traffic(field: Any) -> slice:
    at = (field.offset - _SIZE) // 8  # from the end
    return slice(at, at + ctypes.sizeof(Traffic) // 8 or None)


Row = tuple[Any, ...]  # a job as 64-bit words, and its two sums packed: of most rows one is read
STATE, HANDLE, ROOT_PID, STARTER_PID = map(_at, (Job.state, Job.handle, Job.root_pid, Job.starter_pid))
UID, STARTED_NS = map(_at, (Job.uid, Job.started_ns))
ADOPTED, ALIVE, EXECS, NAMED, EPOCH = map(_at, (Job.adopted, Job.alive, Job.execs, Job.named, Job.epoch))
RSS, SWAP, PROCESSES, THREADS, PEAK, QUIET_NS = map(
    _at, (Job.rss_pages, Job.swap_pages, Job.processes, Job.threads, Job.peak_pages, Job.quiet_ns)
)
ENDED_TASKS, ALL_TASKS = _BEFORE, _BEFORE + 1
OTHER_FILES, RINGS = _traffic(Job.other_files), _traffic(Job.rings)


def sum_of(row: Row, tasks: int) -> tuple[int, ...]:
    """The `Counters` of `ENDED_TASKS` or of `ALL_TASKS`."""
    return _SUM.unpack(row[tasks])


class JobTable:
    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self.epoch = 0

    def configure(
        self,
        starters: Collection[str],
        syscalls: bytes,
        files_per_job: int,
        peers_per_job: int,
        *,
        places: int,
        any_user_starts: bool,
    ) -> None:
        """Before the programs are attached. A process name is its first 15 bytes, as the kernel keeps it."""
        if len(starters) > MAX_STARTERS:
            raise ValueError(f"at most {MAX_STARTERS} starters, not {len(starters)}")
        names = b"".join(os.fsencode(name)[: NAME_LENGTH - 1].ljust(NAME_LENGTH, b"\0") for name in starters)
        at = Shared.starters.offset
        self._memory[at : at + len(names)] = names
        self._memory[Shared.syscalls.offset : Shared.syscalls.offset + len(syscalls)] = syscalls
        self._set(Shared.files_per_job.offset, files_per_job)
        self._set(Shared.peers_per_job.offset, peers_per_job)
        self._set(Shared.any_user_starts.offset, any_user_starts)
        self._set(_FILES + Places.all.offset, places)
        self._set(_PEERS + Places.all.offset, places)

    def begin_epoch(self, *, tells_peers: bool) -> None:
        self.epoch += 1
        self._set(Shared.tells_peers.offset, tells_peers)
        self._set(Shared.epoch.offset, self.epoch)

    @property
    def lost_events(self) -> int:
        return self._get(Shared.lost_events.offset)

    @property
    def fell_quiet(self) -> int:
        """How often nothing of a job was alive any more."""
        return self._get(Shared.fell_quiet.offset)

    @property
    def given(self) -> int:
        """How many jobs began with connections that they have from outside."""
        return self._get(Shared.given.offset)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Slot and row of every job that runs, or ended and is not freed."""
        states = enumerate(self._states())
        taken = [slot for slot, state in states if state == JobState.RUNNING or state == JobState.ENDED]
        for slot in taken:
            yield slot, _ROW.unpack_from(self._memory, _TABLE + slot * _SIZE)

    def _states(self) -> list[int]:
        with (
            memoryview(self._memory) as whole,
            whole[_TABLE : _TABLE + MAX_JOBS * _SIZE] as table,
            table.cast("Q") as words,
            words[:: _SIZE // 8] as states,
        ):
            return states.tolist()

    def name(self, slot: int) -> str:
        at = _TABLE + slot * _SIZE + Job.name.offset
        return os.fsdecode(self._memory[at : at + NAME_LENGTH].split(b"\0", 1)[0])

    def free(self, slot: int) -> None:
        start = _TABLE + slot * _SIZE
        self._set(start, JobState.TAKEN)
        self._memory[start + _LATER.start : start + _LATER.stop] = bytes(_LATER.stop - _LATER.start)
        self._set(start, JobState.FREE)

    def give_back(self, files: int, peers: int) -> None:
        """Places of a job that has ended."""
        for table, number in ((_FILES, files), (_PEERS, peers)):
            at = table + Places.given_back.offset
            self._set(at, self._get(at) + number)

    def close(self) -> None:
        self._memory.close()

    def _get(self, at: int) -> int:
        return struct.unpack_from("=Q", self._memory, at)[0]

    def _set(self, at: int, value: int) -> None:
        struct.pack_into("=Q", self._memory, at, value)

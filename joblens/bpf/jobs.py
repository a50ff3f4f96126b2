"""The table of jobs in memory shared with the kernel: configured here, filled there, and freed here."""

from __future__ import annotations

import ctypes
import mmap
import os
import struct
from collections.abc import Collection
from typing import Any

from joblens.bpf.layout import MAX_JOBS, MAX_STARTERS, NAME_LENGTH, Job, JobState, Places, Shared, Usage

_SIZE = ctypes.sizeof(Job)
_ROW = struct.Struct(f"={Job.ended.offset // 8}Q")
_TABLE: int = Shared.jobs.offset
_USAGES: int = Shared.usages.offset
_FILES: int = Shared.files.offset
_PEERS: int = Shared.peers.offset
_HANDLE: int = Job.handle.offset
_LATER = slice(Job.handle.offset + 8, _SIZE)  # what is cleared: the handle stays, so that the next one differs


def _at(field: Any) -> int:
    return field.offset // 8


Row = tuple[int, ...]  # of a job what comes before its sums
STATE, HANDLE, ROOT_PID, STARTER_PID = map(_at, (Job.state, Job.handle, Job.root_pid, Job.starter_pid))
UID, STARTED_NS = map(_at, (Job.uid, Job.started_ns))
ADOPTED, EXECS, NAMED = map(_at, (Job.adopted, Job.execs, Job.named))


def _start(handle: int) -> int:
    """Where its job stands: the low bits of a handle are its slot."""
    return _TABLE + handle % MAX_JOBS * _SIZE


class JobTable:
    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self._epoch = 0

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
        self._set(Shared.page_bytes.offset, mmap.PAGESIZE)
        self._set(_FILES + Places.all.offset, places)
        self._set(_PEERS + Places.all.offset, places)

    def begin_epoch(self, *, tells_peers: bool) -> None:
        self._epoch += 1
        self._set(Shared.tells_peers.offset, tells_peers)
        self._set(Shared.epoch.offset, self._epoch)

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

    def told(self) -> bytes:
        """The last telling: a `Usage` of the layout for every job that runs, or ended and is not freed."""
        count = self._get(Shared.told.offset)
        return self._memory[_USAGES : _USAGES + count * ctypes.sizeof(Usage)]

    def row(self, handle: int) -> Row:
        return _ROW.unpack_from(self._memory, _start(handle))

    def name(self, handle: int) -> str:
        at = _start(handle) + Job.name.offset
        return os.fsdecode(self._memory[at : at + NAME_LENGTH].split(b"\0", 1)[0])

    def free(self, handle: int) -> None:
        start = _start(handle)
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

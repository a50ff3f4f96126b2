"""Records what terminals print, beside the ledger, which has who, where and when, and at the end the file's digest.

A recording begins when a terminal is first attached and goes on, whoever looks, until the terminal or its worker's
connection ends, or the file is full and the next one begins. What the worker still holds from before is taken in.
Kinds of events, in the chain of the user's page: `terminal.recording`, `terminal.recorded`, `terminal.removed`.

Limits: output only, for what is typed may be a password; while no manager is connected to the worker, its backlog is
all that is kept; what the disk cannot take in time is left out, and the recording says so.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar
from weakref import WeakValueDictionary

import structlog
from pydantic import JsonValue

from audit.asciicast import Cast
from audit.ledger import Ledger, Record, Where
from ink_core.clock import Clock
from ink_core.errors import InkError
from manager.workers.listeners import Disconnected
from manager.workers.terminal_recording import ENDED, REMOVED, Key, Recording, chain_of
from manager.workers.terminal_recording_files import Digest, RecordingFiles
from manager.workers.terminals import TerminalLink
from worker_agent.protocol import TerminalClosed, TerminalOutput, Wire

log = structlog.get_logger()
T = TypeVar("T")

MOST_BYTES = 4 * 1024 * 1024
MOST_WAITING_BYTES = 8 * 1024 * 1024


class TerminalRecorder:
    def __init__(self, files: RecordingFiles | None, ledger: Ledger, clock: Clock) -> None:
        """Without `files` nothing is recorded."""
        self.files, self._ledger, self._clock = files, ledger, clock
        self._live: dict[Key, Recording] = {}
        self._locks: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="terminals")
        self._waiting_bytes = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def recover(self) -> None:
        """Put the ends of what a crash interrupted on record."""
        if self.files is None:
            return
        for user, recording_id in await self._on_disk(self.files.left):
            of_it = Where(chain=chain_of(user), recording_id=recording_id)
            events = [each.event for each in await self._ledger.newest(of_it, limit=10)]
            if ENDED not in [event.kind for event in events]:
                named = dict(events[-1].body) if events else {"recording_id": recording_id, "user": user}
                await self._record_end(user, recording_id, named, "interrupted")
            await self._settle(user, recording_id)

    async def attend(self, user: str, link: TerminalLink) -> None:
        """Record this terminal from now on, with what it holds from before. Raises `InkError`: nobody looks then."""
        if self.files is None:
            return
        async with self._locks.setdefault(link.key, asyncio.Lock()):
            if link.key in self._live:
                return
            recording = self._live[link.key] = self._new(user, link.key)
            recording.early = []
            try:
                backlog = await link.backlog(0)
                await self._ledger.append(chain_of(user), recording.begun())
            except BaseException:
                del self._live[link.key]
                raise
            self._begin(recording)
            early, recording.early = recording.early, None
            for offset, data in [(backlog.offset, base64.b64decode(backlog.data)), *early]:
                self._saw(recording, offset, data)
            if not backlog.alive or recording.ends:
                self._end(link.key, recording.ends or "closed")

    def resized(self, key: Key, columns: int, rows: int) -> None:
        """Recorded with the output that follows, so that sizes alone, however many, are nothing that grows."""
        if recording := self._live.get(key):
            recording.resized = (columns, rows)

    def hear(self, worker_id: str, notification: Wire | Disconnected) -> None:
        if isinstance(notification, TerminalOutput):
            if recording := self._live.get((worker_id, notification.terminal_id)):
                self._saw(recording, notification.offset, base64.b64decode(notification.data))
        elif isinstance(notification, TerminalClosed):
            self._end((worker_id, notification.terminal_id), "closed")
        elif isinstance(notification, Disconnected):
            for key in [key for key in self._live if key[0] == worker_id]:
                self._end(key, "disconnected")

    def is_live(self, recording_id: str) -> bool:
        return any(each.recording_id == recording_id for each in self._live.values())

    async def erase(self, user: str, *, by: str) -> int:
        """Remove all that is recorded of a user for good; returns how many recordings that were."""
        if self.files is None:
            return 0
        for key in [key for key, each in self._live.items() if each.user == user]:
            self._end(key, "erased")
            async with self._locks.setdefault(key, asyncio.Lock()):
                pass  # one that is just beginning ends as soon as it has begun
        await self.ends_are_recorded()
        files = self.files
        return await self._remove(user, await self._on_disk(lambda: files.all(user)), by=by, why="erased")

    async def close(self) -> None:
        for key in list(self._live):
            self._end(key, "stopped")
        await self.ends_are_recorded()
        self._disk.shutdown()

    async def ends_are_recorded(self) -> None:
        """What was heard is written, and what has ended is on record."""
        await asyncio.gather(*self._tasks)

    def _new(self, user: str, key: Key) -> Recording:
        return Recording(user, key, Cast(self._now(), f"{user} {key[0]} {key[1]}"))

    def _begin(self, recording: Recording) -> None:
        self._write(recording, [recording.cast.header])

    def _saw(self, recording: Recording, offset: int, data: bytes) -> None:
        if recording.early is not None:
            recording.early.append((offset, data))
            return
        fresh = recording.fresh(offset, data)
        if self._waiting_bytes > MOST_WAITING_BYTES:
            recording.lost += len(fresh)
            return
        lines = recording.cast.marked(f"{recording.lost} bytes are missing", self._now()) if recording.lost else []
        if fresh and recording.resized:
            lines += recording.cast.resized(*recording.resized, self._now())
            recording.resized = None
        recording.lost = 0
        self._write(recording, [*lines, *recording.cast.output(fresh, self._now())] if fresh else lines)
        if recording.size > MOST_BYTES:
            self._go_on(recording)

    def _go_on(self, full: Recording) -> None:
        self._end(full.key, "full")
        recording = self._live[full.key] = self._new(full.user, full.key)
        recording.next_offset = full.next_offset
        self._begin(recording)
        self._in_background(self._append(recording.user, recording.begun()))

    def _write(self, recording: Recording, lines: Sequence[str]) -> None:
        if not lines or self.files is None:
            return
        text = "".join(f"{line}\n" for line in lines)
        recording.size += len(text)
        self._in_background(self._written(recording, self.files, text))

    async def _written(self, recording: Recording, files: RecordingFiles, text: str) -> None:
        self._waiting_bytes += len(text)
        try:
            await self._on_disk(lambda: files.append(recording.user, recording.recording_id, text))
        except OSError as error:
            log.error("terminal_not_recorded", recording=recording.recording_id, reason=error.strerror)
            recording.lost += len(text)
        finally:
            self._waiting_bytes -= len(text)

    def _end(self, key: Key, reason: str) -> None:
        recording = self._live.get(key)
        if recording is None:
            return
        if recording.early is not None:
            recording.ends = reason
            return
        del self._live[key]
        self._write(recording, recording.cast.end())
        self._in_background(self._concluded(recording, reason))

    async def _concluded(self, recording: Recording, reason: str) -> None:
        user = recording.user
        await self._record_end(user, recording.recording_id, recording.named, reason)
        await self._settle(user, recording.recording_id)

    async def _record_end(self, user: str, recording_id: str, named: Mapping[str, JsonValue], reason: str) -> None:
        assert self.files is not None
        files = self.files
        try:
            digest = await self._on_disk(lambda: files.seal(user, recording_id))
        except OSError:
            digest, reason = Digest(0, ""), "lost"
        body: dict[str, JsonValue] = {**named, "reason": reason, "bytes": digest.bytes, "sha256": digest.sha256}
        await self._append(user, Record(ENDED, body))

    async def _settle(self, user: str, recording_id: str) -> None:
        """Its end is on record: keep it, and the others as long as there is room for them."""
        assert self.files is not None
        files = self.files
        with suppress(OSError):  # nothing of it could be written, as its end says
            await self._on_disk(lambda: files.settle(user, recording_id))
        await self._remove(user, await self._on_disk(lambda: files.surplus(user)), by="", why="too much")

    async def _remove(self, user: str, recording_ids: Sequence[str], *, by: str, why: str) -> int:
        """That they are removed is on record before they are."""
        if self.files is None or not recording_ids:
            return 0
        about: dict[str, JsonValue] = {"user": user, "by": by, "why": why}
        await self._append(user, *(Record(REMOVED, {"recording_id": each, **about}) for each in recording_ids))
        files = self.files
        await self._on_disk(lambda: files.remove(user, recording_ids))
        return len(recording_ids)

    async def _append(self, user: str, *records: Record) -> None:
        await self._ledger.append(chain_of(user), *records)

    async def _on_disk(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        async def run() -> None:
            try:
                await work
            except (InkError, OSError) as error:  # what is not on record now will be after the next start
                log.error("terminal_recording_failed", reason=str(error))

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _now(self) -> float:
        return self._clock.now().timestamp()

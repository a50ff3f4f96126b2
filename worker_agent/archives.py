"""`archive.*`: an archive process (see `archiver`) for each download, read piece by piece as fast as somebody takes it.

Limits: a few at once; one that nobody reads for a while is ended. One that fails is a fault and has no end that could
be taken for a whole one.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from worker_agent.faults import fault, from_os_error
from worker_agent.names import to_wire
from worker_agent.protocol import (
    MAX_PIECE_BYTES,
    ArchiveClose,
    ArchiveFormat,
    ArchiveOpen,
    ArchiveOpened,
    ArchivePiece,
    ArchiveRead,
    Call,
)
from worker_agent.sandbox import Sandbox
from worker_agent.threads import Threads

MAX_ARCHIVES = 8
UNREAD_S = 120.0
_ARCHIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "archiver.py")
_SAID = {
    "permission_denied": "{path} may not be read",
    "not_found": "{path} went away",
    "file_changed": "{path} changed while it was read",
    "too_large": "{path} lies too deep",
}


@dataclass
class _Archive:
    process: asyncio.subprocess.Process
    offset: int
    unread: asyncio.TimerHandle


class Archives:
    def __init__(self, sandbox: Sandbox, threads: Threads) -> None:
        self._sandbox = sandbox
        self._threads = threads
        self._open: dict[str, _Archive] = {}
        self._starting: set[str] = set()

    async def open(self, arguments: ArchiveOpen, call: Call) -> ArchiveOpened:
        archive_id = arguments.archive_id
        if len(self._open) + len(self._starting) >= MAX_ARCHIVES:
            raise fault("too_many_operations", f"{MAX_ARCHIVES} archives are being made; wait for one.", retryable=True)
        self._starting.add(archive_id)
        try:
            process = await self.start(arguments.paths, arguments.format, arguments.hidden)
        finally:
            wanted = archive_id in self._starting
            self._starting.discard(archive_id)
        self._open[archive_id] = _Archive(process, 0, self._forgotten(archive_id))
        if not wanted:  # closed before it was open
            self._end(archive_id)
        return ArchiveOpened(archive_id=archive_id)

    async def read(self, arguments: ArchiveRead, call: Call) -> ArchivePiece:
        archive = self._open.get(arguments.archive_id)
        if archive is None:
            raise fault("not_found", "There is no such archive; it has ended, or nobody read it for too long.")
        if archive.offset != arguments.offset:
            raise fault("offset_mismatch", f"The archive goes on at byte {archive.offset}; it is read once, in order.")
        archive.unread.cancel()
        archive.unread = self._forgotten(arguments.archive_id)
        data = await _next_piece(archive.process)
        archive.offset += len(data)
        if len(data) == MAX_PIECE_BYTES:
            return ArchivePiece(offset=arguments.offset, eof=False, payload=data)
        await self._ended(arguments.archive_id, archive)
        return ArchivePiece(offset=arguments.offset, eof=True, payload=data)

    async def close(self, arguments: ArchiveClose, call: Call) -> ArchiveOpened:
        self._starting.discard(arguments.archive_id)
        self._end(arguments.archive_id)
        return ArchiveOpened(archive_id=arguments.archive_id)

    async def start(
        self, paths: Sequence[str], kind: ArchiveFormat, hidden: bool, *, stdout: int = asyncio.subprocess.PIPE
    ) -> asyncio.subprocess.Process:
        """The process that writes the archive to `stdout`; it ends with 0 when that is whole."""
        held, roots = await self._threads.run(self._opened, paths)
        with held:
            descriptors = tuple(root["directory"] for root in roots)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", _ARCHIVER),
                stdin=asyncio.subprocess.PIPE,
                stdout=stdout,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=[int(descriptor) for descriptor in descriptors],
                limit=MAX_PIECE_BYTES // 2,
            )
        assert process.stdin is not None
        wanted = {"format": kind.value, "hidden": hidden, "roots": roots}
        process.stdin.write(json.dumps(wanted).encode())
        process.stdin.close()
        return process

    def _opened(self, paths: Sequence[str]) -> tuple[ExitStack, list[dict[str, int | str]]]:
        """Blocking: a file system may take its time to open a directory."""
        with ExitStack() as held:
            roots = [self._root(path, held) for path in paths]
            return held.pop_all(), roots

    def _root(self, named: str, held: ExitStack) -> dict[str, int | str]:
        """The directory that holds the entry, kept open, with the entry's name in it and in the archive."""
        path = self._sandbox.relative(named)
        try:
            if path == ".":
                directory = held.enter_context(self._sandbox.open(".", os.O_RDONLY | os.O_DIRECTORY))
                return {"directory": directory, "name": b".".hex(), "title": b"home".hex()}
            directory, name = held.enter_context(self._sandbox.entry(path))
            os.stat(name, dir_fd=directory, follow_symlinks=False)
        except OSError as error:
            raise from_os_error(error, to_wire(path)) from error
        return {"directory": directory, "name": os.fsencode(name).hex(), "title": os.fsencode(name).hex()}

    def _forgotten(self, archive_id: str) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(UNREAD_S, self._end, archive_id)

    def _end(self, archive_id: str) -> None:
        archive = self._open.pop(archive_id, None)
        if archive is not None:
            archive.unread.cancel()
            with suppress(ProcessLookupError):
                archive.process.kill()

    async def _ended(self, archive_id: str, archive: _Archive) -> None:
        """Raises the fault of an archive that is not complete."""
        assert archive.process.stderr is not None
        said = await archive.process.stderr.read(4096)
        code = await archive.process.wait()
        self._end(archive_id)
        if code != 0:
            raise fault("archive_failed", f"The archive was broken off: {why(said)}.")


async def _next_piece(process: asyncio.subprocess.Process) -> bytes:
    """A full piece, or what is left at the end."""
    assert process.stdout is not None
    pieces: list[bytes] = []
    missing = MAX_PIECE_BYTES
    while missing and (data := await process.stdout.read(missing)):
        pieces.append(data)
        missing -= len(data)
    return b"".join(pieces)


def why(said: bytes) -> str:
    """What an archive process that failed said on its standard error, for people."""
    try:
        failed = json.loads(said)
        return _SAID.get(failed["code"], "reading {path} failed").format(path=str(failed["path"])[:500])
    except (ValueError, KeyError, TypeError):
        return "the process that made it ended"

"""Output files of jobs, read by their owner's own access-point agent while the job runs and after it ended.

Limits: what the access point sees. Where a scheduler brings output back only at the job's end (HTCondor with file
transfer), there is none before.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Literal

from ink_core.agents import UserAgents
from ink_core.compute.model import ENDED_STATES, Job
from ink_core.errors import Forbidden, NotFound
from ink_core.storage.faults import FileFault
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import FilePiece, FilesPull

PIECE_BYTES = 64 * 1024
MAX_PIECE_BYTES = 512 * 1024
LOOK_AGAIN_S = 1.0
Stream = Literal["stdout", "stderr"]


class NotYourJob(Forbidden):
    code = "not_your_job"


class NoOutput(NotFound):
    """The job writes no such file that is known, or has not written any yet."""

    code = "no_output"


@dataclass(frozen=True)
class OutputPiece:
    """Bytes `offset` to `next_offset` of a file of `size` bytes, as text; what is no UTF-8 is shown as U+FFFD."""

    path: str
    offset: int
    next_offset: int
    size: int
    text: str


class JobOutput:
    def __init__(self, agents: UserAgents) -> None:
        self._files = UserFiles(agents)

    async def read(self, user: str, job: Job, stream: Stream, offset: int, length: int) -> OutputPiece:
        """From `offset` on; a negative one counts from the end.

        Raises `NotYourJob`, `NoOutput`, or what the agent meets.
        """
        path = _path(user, job, stream)
        if offset < 0:
            offset = max(0, (await self._content(user, path, 0, 1)).size + offset)
        content = await self._content(user, path, offset, length)
        at_end = offset + len(content.payload) >= content.size
        return _piece(path, content, whole=at_end and job.state in ENDED_STATES)

    @staticmethod
    def check_own(user: str, job: Job) -> None:
        """Raises `NotYourJob`."""
        if job.owner != user:
            raise NotYourJob(f"job {job.job_id} is one of {job.owner}; its output is theirs")

    async def follow(
        self, user: str, job_now: Callable[[], Job], stream: Stream, offset: int
    ) -> AsyncGenerator[OutputPiece]:
        """Pieces as the file grows, until the job has ended and all is read. A file that is not there yet may come."""
        while True:
            job = job_now()
            try:
                piece = await self.read(user, job, stream, offset, PIECE_BYTES)
            except NoOutput:
                if job.state in ENDED_STATES or _named(job, stream) is None:
                    raise
                await asyncio.sleep(LOOK_AGAIN_S)
                continue
            offset = piece.next_offset
            if piece.text:
                yield piece
            elif job.state in ENDED_STATES:
                return
            else:
                await asyncio.sleep(LOOK_AGAIN_S)

    async def _content(self, user: str, path: str, offset: int, length: int) -> FilePiece:
        wanted = FilesPull(path=path, offset=offset, length=min(length, MAX_PIECE_BYTES))
        try:
            return await self._files.piece(user, wanted)
        except FileFault as fault:
            if fault.code == "not_found":
                raise NoOutput(f"{path} is not there (yet)") from fault
            raise


def _path(user: str, job: Job, stream: Stream) -> str:
    JobOutput.check_own(user, job)
    path = _named(job, stream)
    if path is None:
        raise NoOutput(f"job {job.job_id} has no file for its {stream}")
    return path


def _named(job: Job, stream: Stream) -> str | None:
    return job.stdout if stream == "stdout" else job.stderr


def _piece(path: str, content: FilePiece, *, whole: bool) -> OutputPiece:
    data = content.payload
    kept = data if whole else data[: _whole_characters(data)]
    return OutputPiece(path, content.offset, content.offset + len(kept), content.size, kept.decode(errors="replace"))


def _whole_characters(data: bytes) -> int:
    """How many bytes do not end within a character of UTF-8: the rest of that one is still to come."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) if back >= length else len(data) - back
        if byte < 0x80:
            break
    return len(data)

"""Reading files as their user: everything is asked of the user's own access-point agent, and the kernel decides.

Limits: paths are the agent's: relative to the home, or absolute and inside it, with names as the wire has them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from secrets import token_hex

from pydantic import BaseModel, TypeAdapter, ValidationError

from ink_core.agents import AccessPoint, Answer, UserAgents
from ink_core.errors import AgentFault
from ink_core.storage.faults import file_faults
from ink_core.storage.root.calls import SUMMARY, OfRootFile, RootSummary
from ink_core.turns import line
from worker_agent.protocol import (
    FileChecksum,
    FilePiece,
    FileRow,
    FilesChecksum,
    FilesFind,
    FilesFound,
    FilesMatched,
    FilesPage,
    FilesPaged,
    FilesPull,
    FilesSearch,
    FilesStatus,
    Quota,
    QuotaShow,
    Trash,
    TrashList,
)

DEADLINE_S = 30.0
LONG_DEADLINE_S = 300.0
"""Of what reads a whole file, and of what a process apart reads on a busy node."""
PIECE_BYTES = 512 * 1024
"""Of a download. What moves a piece holds the event loop for about half a millisecond, in several steps."""
READ_AHEAD = 4
"""Pieces that are asked for before the reader has taken the one before: what one download holds in memory."""


_ENTRIES = TypeAdapter(tuple[FileRow, ...])


@dataclass(frozen=True)
class Part:
    """`length` bytes of a file from `offset`; `version` names the content that they are of."""

    path: str
    offset: int
    length: int
    version: str


class UserFiles:
    """All of it as `user`. Raises `FileFault`, and what else `UserAgents` raises."""

    def __init__(self, agents: UserAgents) -> None:
        self._agents = agents

    async def page(self, user: str, wanted: FilesPage) -> FilesPaged:
        """The payload is as the user's own agent wrote it; `entries_of` looks at it."""
        answer = await self._ask(user, "files.page", wanted)
        return FilesPaged.model_validate(answer.result).model_copy(update={"payload": answer.payload})

    async def status(self, user: str, path: str) -> FileRow:
        return FileRow.model_validate((await self._ask(user, "files.status", FilesStatus(path=path))).result)

    async def piece(self, user: str, wanted: FilesPull) -> FilePiece:
        answer = await self._ask(user, "files.pull", wanted)
        return FilePiece.model_validate(answer.result).model_copy(update={"payload": answer.payload})

    async def stream(self, user: str, part: Part) -> AsyncGenerator[bytes]:
        """The bytes of the part, in order. Raises in the middle if the file is not that version any more."""
        ahead: deque[asyncio.Task[FilePiece]] = deque()
        next_offset, end = part.offset, part.offset + part.length
        try:
            while ahead or next_offset < end:
                while next_offset < end and len(ahead) < READ_AHEAD:
                    length = min(PIECE_BYTES, end - next_offset)
                    wanted = FilesPull(path=part.path, offset=next_offset, length=length, version=part.version)
                    ahead.append(asyncio.create_task(self.piece(user, wanted)))
                    next_offset += length
                piece = await ahead.popleft()
                await line().turn_or_at_once()
                yield piece.payload
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def trash(self, user: str) -> Trash:
        return Trash.model_validate((await self._ask(user, "trash.list", TrashList())).result)

    async def checksum(self, user: str, wanted: FilesChecksum) -> FileChecksum:
        answer = await self._ask(user, "files.checksum", wanted, deadline_s=LONG_DEADLINE_S)
        return FileChecksum.model_validate(answer.result)

    async def quota(self, user: str) -> Quota:
        return Quota.model_validate((await self._ask(user, "quota.show", QuotaShow())).result)

    async def find(self, user: str, wanted: FilesFind) -> FilesMatched:
        return FilesMatched.model_validate((await self._ask(user, "files.find", wanted)).result)

    async def search(self, user: str, wanted: FilesSearch) -> FilesFound:
        return FilesFound.model_validate((await self._ask(user, "files.search", wanted)).result)

    async def root_summary(self, user: str, path: str) -> RootSummary:
        answer = await self._ask(user, SUMMARY, OfRootFile(path=path), deadline_s=LONG_DEADLINE_S)
        return RootSummary.model_validate(answer.result)

    async def _ask(self, user: str, method: str, wanted: BaseModel, *, deadline_s: float = DEADLINE_S) -> Answer:
        with file_faults():
            return await self._agents.exchange(
                AccessPoint(user),
                method,
                wanted.model_dump(mode="json"),
                operation_id=f"look-{token_hex(12)}",
                deadline_s=deadline_s,
            )


def entries_of(page: FilesPaged) -> tuple[FileRow, ...]:
    """Raises `AgentFault` for what is no list of entries."""
    try:
        return _ENTRIES.validate_json(page.payload)
    except ValidationError:
        raise AgentFault(
            "the agent's list of files makes no sense", code="answer_unreadable", retryable=False
        ) from None

"""Directories and files of a user as one stream, made by the user's own agent while it is read.

Limits: an archive is read once, from its beginning; one that breaks raises in the middle of the stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from secrets import token_hex

from pydantic import BaseModel

from ink_core.agents import AccessPoint, Answer, UserAgents
from ink_core.storage.faults import file_faults
from worker_agent.protocol import ArchiveClose, ArchiveFormat, ArchiveOpen, ArchivePiece, ArchiveRead

DEADLINE_S = 60.0


class UserArchives:
    """All of it as `user`. Raises `FileFault`, and what else `UserAgents` raises."""

    def __init__(self, agents: UserAgents) -> None:
        self._agents = agents

    async def stream(
        self, user: str, paths: Sequence[str], form: ArchiveFormat, *, hidden: bool
    ) -> AsyncGenerator[bytes]:
        """The bytes of the archive; the next piece is made while one is taken."""
        opened = ArchiveOpen(archive_id=token_hex(16), paths=tuple(paths), format=form, hidden=hidden)
        await self._ask(user, "archive.open", opened)
        coming = asyncio.create_task(self._piece(user, opened.archive_id, 0))
        try:
            while True:
                piece = await coming
                if piece.eof:
                    yield piece.payload
                    return
                coming = asyncio.create_task(self._piece(user, opened.archive_id, piece.offset + len(piece.payload)))
                yield piece.payload
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
            await self._ask(user, "archive.close", ArchiveClose(archive_id=opened.archive_id))

    async def _piece(self, user: str, archive_id: str, offset: int) -> ArchivePiece:
        answer = await self._ask(user, "archive.read", ArchiveRead(archive_id=archive_id, offset=offset))
        return ArchivePiece.model_validate(answer.result).model_copy(update={"payload": answer.payload})

    async def _ask(self, user: str, method: str, wanted: BaseModel) -> Answer:
        with file_faults():
            return await self._agents.exchange(
                AccessPoint(user),
                method,
                wanted.model_dump(mode="json"),
                operation_id=f"archive-{token_hex(12)}",
                deadline_s=DEADLINE_S,
            )

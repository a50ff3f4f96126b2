"""Directories and files of a user as one stream, made by the user's own agent while it is read.

Limits: an archive is read once, from its beginning; one that breaks raises in the middle of the stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from secrets import token_hex

from pydantic import BaseModel

from ink_core.agents import AccessPoint, Answer, UserAgents
from ink_core.errors import InkError
from ink_core.storage.faults import file_faults
from worker_agent.protocol import ArchiveClose, ArchiveFormat, ArchiveOpen, ArchivePiece, ArchiveRead

DEADLINE_S = 60.0
_CLOSING: set[asyncio.Task[None]] = set()
"""What holds the tasks that close archives until they have."""


class UserArchives:
    """All of it as `user`. Raises `FileFault`, and what else `UserAgents` raises."""

    def __init__(self, agents: UserAgents) -> None:
        self._agents = agents

    async def stream(
        self, user: str, paths: Sequence[str], form: ArchiveFormat, *, hidden: bool
    ) -> AsyncGenerator[bytes]:
        """The bytes of the archive; the next piece is made while one is taken."""
        opened = ArchiveOpen(archive_id=token_hex(16), paths=tuple(paths), format=form, hidden=hidden)
        coming: asyncio.Task[ArchivePiece] | None = None
        try:
            await self._ask(user, "archive.open", opened)
            coming = asyncio.create_task(self._piece(user, opened.archive_id, 0))
            while True:
                piece = await coming
                if piece.eof:
                    yield piece.payload
                    return
                coming = asyncio.create_task(self._piece(user, opened.archive_id, piece.offset + len(piece.payload)))
                yield piece.payload
        finally:
            self._leave(user, opened.archive_id, coming)

    def _leave(self, user: str, archive_id: str, coming: asyncio.Task[ArchivePiece] | None) -> None:
        """Have the archive closed, in a task of its own: whoever leaves in the middle is being cancelled."""
        closing = asyncio.create_task(self._close(user, archive_id, coming))
        _CLOSING.add(closing)
        closing.add_done_callback(_CLOSING.discard)

    async def _close(self, user: str, archive_id: str, coming: asyncio.Task[ArchivePiece] | None) -> None:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        with suppress(InkError):  # nobody is left who could be told; the agent ends an archive that nobody reads
            await self._ask(user, "archive.close", ArchiveClose(archive_id=archive_id))

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

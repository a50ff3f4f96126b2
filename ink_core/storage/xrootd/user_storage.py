"""Files of a storage as their user: everything is asked of the user's own access-point agent."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from secrets import token_hex

from pydantic import BaseModel

from ink_core.agents import AccessPoint, Answer, UserAgents
from ink_core.storage.faults import FileFault, file_faults
from ink_core.storage.xrootd.calls import LIST, READ, STATUS, OnStorage, ReadStorage, StorageEntries, StorageEntry
from worker_agent.protocol import MAX_PIECE_BYTES

DEADLINE_S = 90.0


class UserStorage:
    """All of it as `user`. Raises `FileFault`, and what else `UserAgents` raises."""

    def __init__(self, agents: UserAgents, storage: str) -> None:
        self._agents = agents
        self._storage = storage

    async def list(self, user: str, path: str) -> Sequence[StorageEntry]:
        answer = await self._ask(user, LIST, OnStorage(storage=self._storage, path=path))
        return StorageEntries.model_validate(answer.result).entries

    async def status(self, user: str, path: str) -> StorageEntry:
        answer = await self._ask(user, STATUS, OnStorage(storage=self._storage, path=path))
        return StorageEntry.model_validate(answer.result)

    async def stream(self, user: str, entry: StorageEntry, offset: int, length: int) -> AsyncGenerator[bytes]:
        """So many bytes of the file from `offset` on. Raises in the middle where its size is another one by then."""
        end = offset + length
        while offset < end:
            wanted = ReadStorage(
                storage=self._storage,
                path=entry.path,
                offset=offset,
                length=min(MAX_PIECE_BYTES, end - offset),
                size=entry.size,
            )
            piece = (await self._ask(user, READ, wanted)).payload
            if len(piece) != wanted.length:
                raise FileFault(f"{entry.path} was not read to its end; try again", code="file_changed", retryable=True)
            yield piece
            offset += len(piece)

    async def _ask(self, user: str, method: str, wanted: BaseModel) -> Answer:
        with file_faults():
            return await self._agents.exchange(
                AccessPoint(user),
                method,
                wanted.model_dump(mode="json"),
                operation_id=f"look-{token_hex(12)}",
                deadline_s=DEADLINE_S,
            )

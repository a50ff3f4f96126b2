"""Accepted skills as a fold over one chain of the ledger: `skill.accepted` and `skill.forgotten`."""

from __future__ import annotations

from typing import Any, cast

from audit.ledger import Event, Ledger, Record
from skills.accepted import MemoryAccepted

CHAIN = "skills"
ACCEPTED = "skill.accepted"
FORGOTTEN = "skill.forgotten"


class RecordedAccepted(MemoryAccepted):
    """Implements `AcceptedSkills`: what is accepted survives a restart, and is on record."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger

    async def recover(self) -> None:
        for event in await self._ledger.read(CHAIN):
            self._fold(event)

    async def _add(self, username: str, name: str, sha256: str) -> None:
        await self._record(Record(ACCEPTED, {"user": username, "name": name, "sha256": sha256}))

    async def _remove(self, username: str, sha256: str) -> None:
        await self._record(Record(FORGOTTEN, {"user": username, "sha256": sha256}))

    async def _record(self, record: Record) -> None:
        for event in await self._ledger.append(CHAIN, record):
            self._fold(event)

    def _fold(self, event: Event) -> None:
        body = cast("dict[str, Any]", dict(event.body))
        sums = self._sums.setdefault(str(body["user"]), set())
        if event.kind == ACCEPTED:
            sums.add(str(body["sha256"]))
        elif event.kind == FORGOTTEN:
            sums.discard(str(body["sha256"]))

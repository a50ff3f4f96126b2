"""Where changes of sessions are recorded: the state is a fold over them, so that it survives a crash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ink_core.apps.session import Change


class SessionJournal(Protocol):
    async def append(self, change: Change) -> None:
        """Durable when it returns."""
        ...

    async def changes(self) -> Sequence[Change]:
        """All that were recorded, in order."""
        ...


class MemoryJournal:
    """Shipped double: a list."""

    def __init__(self) -> None:
        self._changes: list[Change] = []

    async def append(self, change: Change) -> None:
        self._changes.append(change)

    async def changes(self) -> Sequence[Change]:
        return tuple(self._changes)

"""Which texts of skills people have accepted: by the sum of the whole file, for one person alone.

A text that was changed has another sum, and is accepted by nobody.
"""

from __future__ import annotations

from typing import Protocol

from ink_core.errors import Conflict

MAX_ACCEPTED = 500


class TooManyAccepted(Conflict):
    code = "too_many_skills"


class AcceptedSkills(Protocol):
    def has(self, username: str, sha256: str) -> bool: ...

    async def accept(self, username: str, name: str, sha256: str) -> None:
        """Again has no effect. Raises `TooManyAccepted`."""
        ...

    async def forget(self, username: str, sha256: str) -> bool:
        """Whether it was accepted before."""
        ...


class MemoryAccepted:
    """The shipped double, which keeps nothing."""

    def __init__(self) -> None:
        self._sums: dict[str, set[str]] = {}

    def has(self, username: str, sha256: str) -> bool:
        return sha256 in self._sums.get(username, ())

    async def accept(self, username: str, name: str, sha256: str) -> None:
        if self.has(username, sha256):
            return
        if len(self._sums.get(username, ())) >= MAX_ACCEPTED:
            raise TooManyAccepted(f"you have accepted {MAX_ACCEPTED} skills; forget some that you use no more")
        await self._add(username, name, sha256)

    async def forget(self, username: str, sha256: str) -> bool:
        if not self.has(username, sha256):
            return False
        await self._remove(username, sha256)
        return True

    async def _add(self, username: str, name: str, sha256: str) -> None:
        self._sums.setdefault(username, set()).add(sha256)

    async def _remove(self, username: str, sha256: str) -> None:
        self._sums[username].discard(sha256)

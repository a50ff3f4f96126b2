"""The shipped double of `GrantStore`: all in memory, beside `InMemoryIdentityStore`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ink_core.identity.grant_store import Grant


class InMemoryGrants:
    """Implements `GrantStore`."""

    def __init__(self, is_credential: Callable[[str], bool]) -> None:
        self._is_credential = is_credential
        self._lock = threading.Lock()
        self._grants: dict[str, tuple[Grant, str | None, str | None]] = {}

    def add(self, grant: Grant, family: str | None, refresh: str | None, *, keep: int) -> Sequence[Grant]:
        with self._lock:
            self._grants = {entry[0].id: entry for entry in self._alive()}
            self._grants[grant.id] = grant, family, refresh
            alike = [g for g, _, _ in self._alive() if (g.username, g.client_id) == (grant.username, grant.client_id)]
            return alike[:-keep]

    def of_family(self, family: str) -> tuple[Grant, str] | None:
        with self._lock:
            return next(((g, now) for g, known, now in self._alive() if known == family and now is not None), None)

    def of_access(self, access_id: str) -> Grant | None:
        with self._lock:
            return next((g for g, _, _ in self._alive() if g.access_id == access_id), None)

    def rotate(self, grant_id: str, old: str, new: str) -> bool:
        with self._lock:
            grant, family, present = self._grants[grant_id]
            if present != old:
                return False
            self._grants[grant_id] = grant, family, new
            return True

    def _alive(self) -> Sequence[tuple[Grant, str | None, str | None]]:
        return [entry for entry in self._grants.values() if self._is_credential(entry[0].access_id)]

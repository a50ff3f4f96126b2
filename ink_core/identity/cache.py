"""Remembers for a moment whose secret was just checked, so that a burst of requests asks the store once.

A revocation in this process counts at once, also against a lookup that was under way; one made by another process
(a second manager, the command line) counts after `FRESH_S` at the latest.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Principal

FRESH_S = 2.0
MAX_ENTRIES = 10_000


@dataclass(frozen=True)
class Known:
    kind: CredentialKind
    principal: Principal
    until: datetime


class CredentialCache:
    """Digest → principal. Not for several threads: the event loop owns it."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._generation = 0

    @property
    def generation(self) -> int:
        """Grows with every revocation; read it before a lookup and give it to `put`."""
        return self._generation

    def get(self, digest: str, kind: CredentialKind, now: datetime) -> Principal | None:
        known = self._known.get(digest)
        return known.principal if known and known.kind is kind and now < known.until else None

    def put(
        self, digest: str, kind: CredentialKind, principal: Principal, *, expires_at: datetime, now: datetime, seen: int
    ) -> None:
        """`seen` is the generation before the lookup: what was revoked since then is not remembered."""
        if seen != self._generation:
            return
        self._known[digest] = Known(kind, principal, min(expires_at, now + timedelta(seconds=FRESH_S)))
        self._known.move_to_end(digest)
        while len(self._known) > MAX_ENTRIES:
            self._known.popitem(last=False)

    def forget(self, digests: Iterable[str]) -> None:
        self._generation += 1
        for digest in digests:
            self._known.pop(digest, None)

    def clear(self) -> None:
        self._generation += 1
        self._known.clear()

    def forget_user(self, username: str) -> None:
        self.forget([digest for digest, known in self._known.items() if known.principal.username == username])

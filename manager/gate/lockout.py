"""Who and what is locked by the kill switch: a fold over `lock.set` and `lock.lifted` of one chain. Pure.

A locked user, worker agent or session can start nothing; see `manager.kill_switch` for what locking ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from audit.chains import session_of
from audit.ledger import Event, Record
from ink_core.errors import Forbidden

CHAIN = "locks"
SET = "lock.set"
LIFTED = "lock.lifted"


class Locked(Forbidden):
    """An administrator has locked the user, the worker agent or the session."""

    code = "locked"


class LockKind(StrEnum):
    USER = "user"
    AGENT = "agent"
    SESSION = "session"


@dataclass(frozen=True)
class Lock:
    """`name` is a username, a worker id or a session id."""

    kind: LockKind
    name: str
    by: str
    reason: str
    at: datetime


class Lockout:
    """`last` is the number of the last event that it knows of; what it knows changes nothing when it comes again."""

    def __init__(self) -> None:
        self._locks: dict[tuple[LockKind, str], Lock] = {}
        self.last = 0

    def fold(self, event: Event) -> None:
        if event.seq <= self.last:
            return
        self.last = event.seq
        body = cast("dict[str, Any]", dict(event.body))
        match event.kind:
            case "lock.set":
                lock = Lock(LockKind(body["kind"]), body["name"], body["by"], body["reason"], event.time)
                self._locks[lock.kind, lock.name] = lock
            case "lock.lifted":
                self._locks.pop((LockKind(body["kind"]), body["name"]), None)
            case _:
                pass

    def get(self, kind: LockKind, name: str) -> Lock | None:
        return self._locks.get((kind, name))

    def all(self) -> Sequence[Lock]:
        """Newest first."""
        return sorted(self._locks.values(), key=lambda lock: lock.at, reverse=True)

    def check(self, *, user: str | None = None, agent: str | None = None, session: str | None = None) -> None:
        """Raises `Locked` when one of them is."""
        for kind, name in ((LockKind.USER, user), (LockKind.AGENT, agent), (LockKind.SESSION, session)):
            lock = self.get(kind, name) if name else None
            if lock is not None:
                raise Locked(f"{kind.value} {name} is locked by {lock.by}: {lock.reason}")

    def check_call(self, username: str, worker_id: str | None, chain: str) -> None:
        """Raises `Locked` when somebody or something that takes part in a call is."""
        self.check(user=username, agent=worker_id, session=session_of(chain))


def set_record(kind: LockKind, name: str, by: str, reason: str) -> Record:
    return Record(SET, {"kind": kind.value, "name": name, "by": by, "reason": reason})


def lifted_record(kind: LockKind, name: str, by: str, reason: str) -> Record:
    return Record(LIFTED, {"kind": kind.value, "name": name, "by": by, "reason": reason})

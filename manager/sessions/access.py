"""Who may read a session and who may steer it, beside its owner."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from ink_core.identity.principal import Principal
from manager.sessions.view import SessionView


class Share(StrEnum):
    """`WATCH` reads what happens in it; `STEER` posts, stops and changes as well."""

    WATCH = "watch"
    STEER = "steer"


class SessionAccess(Protocol):
    def share(self, principal: Principal, view: SessionView) -> Share | None:
        """What this user may do with the session; None where nobody may tell that it exists."""
        ...

    def readers(self, view: SessionView) -> frozenset[str]:
        """Names of all who may watch it, its owner among them."""
        ...

    def task(self, view: SessionView) -> str | None:
        """The task whose members its readers are; None for a session that is its owner's alone."""
        ...

    def adds_to(self, username: str, view: SessionView) -> str | None:
        """The task that this user may add findings to from the session; None where there is none."""
        ...


class OwnerOnly:
    """Where no session is shared."""

    def share(self, principal: Principal, view: SessionView) -> Share | None:
        return Share.STEER if principal.username == view.owner else None

    def readers(self, view: SessionView) -> frozenset[str]:
        return frozenset({view.owner})

    def task(self, view: SessionView) -> str | None:
        return None

    def adds_to(self, username: str, view: SessionView) -> str | None:
        return None

"""What people switch on and off in a conversation, for its agent and the sub-agents that work for it.

Whether it is on is what the ledger says at the moment of a call, so that it holds over a restart, on every replica and
for whatever was approved before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from audit.chains import session_chain, session_of
from audit.folds import ChainFolds
from audit.ledger import Event, Ledger, Record

KEPT = 1_000


@dataclass(frozen=True)
class Switched:
    """What one session's chain says; `ancestors` are the sessions that a sub-agent works for."""

    on: bool = False
    by: str = ""
    ancestors: tuple[str, ...] = ()


def fold(state: Switched, event: Event, kind: str) -> Switched:
    body = cast("dict[str, Any]", dict(event.body))
    if event.kind == kind:
        return replace(state, on=body["on"], by=body["by"])
    if event.kind == "session.opened" and body.get("delegation"):
        return replace(state, ancestors=tuple(body["delegation"]["ancestors"]))
    return state


def switched_record(kind: str, on: bool, by: str) -> Record:
    return Record(kind, {"on": on, "by": by})


class SessionSwitch:
    """One kind of record, with `on` and `by`."""

    def __init__(self, ledger: Ledger, kind: str) -> None:
        self._chains = ChainFolds(ledger, Switched(), lambda state, event: fold(state, event, kind), KEPT)

    async def switched_by(self, chain: str) -> str | None:
        """Who has switched it on, in this conversation or in one above it; None where it is off."""
        if session_of(chain) is None:
            return None
        own = await self._chains.of(chain)
        for state in (own, *[await self._chains.of(session_chain(ancestor)) for ancestor in own.ancestors]):
            if state.on:
                return state.by
        return None

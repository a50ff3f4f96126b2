"""Which terminals the agent of a conversation may read: those that their user allows, until it is taken back.

A fold over the session's chain, asked at the moment of each call, so that it holds over a restart and on every replica,
and a permission of one conversation is none in another or of a sub-agent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from audit.chains import session_chain
from audit.folds import ChainFolds
from audit.ledger import Event, Ledger, Record
from mcp_tools.context import Readable

ALLOWED = "terminal.readable"
KEPT = 1_000
MOST_READABLE = 32
"""Of one conversation; the one that was allowed first is forgotten for another."""


def fold(state: tuple[Readable, ...], event: Event) -> tuple[Readable, ...]:
    if event.kind != ALLOWED:
        return state
    body = cast("dict[str, Any]", dict(event.body))
    named = Readable(body["worker_id"], body["terminal_id"], body["by"])
    others = tuple(one for one in state if (one.worker_id, one.terminal_id) != (named.worker_id, named.terminal_id))
    return (*others, named)[-MOST_READABLE:] if body["on"] else others


def allowed_record(readable: Readable, *, on: bool) -> Record:
    body = {"worker_id": readable.worker_id, "terminal_id": readable.terminal_id, "on": on, "by": readable.by}
    return Record(ALLOWED, body)


class TerminalReadings:
    """Implements `mcp_tools.context.ReadableTerminals`."""

    def __init__(self, ledger: Ledger) -> None:
        self._chains = ChainFolds(ledger, (), fold, KEPT)

    async def readable(self, session_id: str) -> Sequence[Readable]:
        return await self._chains.of(session_chain(session_id))

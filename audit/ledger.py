"""The ledger seam: append-only, hash-chained events, one chain per session (or portal user, MCP credential, worker).

An event that `append` returned is durable. State anywhere in the harness is a fold over these events.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import JsonValue

from ink_core.errors import InkError

Body = Mapping[str, JsonValue]


class LedgerUnavailable(InkError):
    """The ledger could not make a record durable, so nothing may be dispatched."""

    code = "ledger_unavailable"
    http_status = 503
    retryable = True


@dataclass(frozen=True)
class Record:
    """What a caller wants written."""

    kind: str
    body: Body


@dataclass(frozen=True)
class Event:
    """One durable record. `seq` counts from 1 within its chain; `prev` is the hash of the event before ('' at 1).

    `hash` = SHA-256 (hex) over the canonical JSON (sorted keys, no spaces, UTF-8) of
    `{"body","chain","kind","prev","seq","time"}`, `time` being RFC 3339 UTC with microseconds.
    """

    chain: str
    seq: int
    kind: str
    time: datetime
    body: Body
    prev: str
    hash: str


class Ledger(Protocol):
    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        """Write all records of one call together, in order. Durable (fsync) on return. Raises `LedgerUnavailable`."""
        ...

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        """Events of one chain with `seq` > `after`, in order. An unknown chain is empty."""
        ...

    async def chains(self, prefix: str = "") -> Sequence[str]: ...

    def follow(self, chain: str, *, after: int = 0) -> AsyncIterator[Event]:
        """All events after `after`, then each new one as it becomes durable; ends when the consumer stops."""
        ...

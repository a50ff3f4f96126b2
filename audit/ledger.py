"""The ledger seam: append-only, hash-chained events, one chain per session (or portal user, MCP credential, worker).

An event that `append` returned is durable. State anywhere in the harness is a fold over these events.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from pydantic import JsonValue

from audit.canonical import canonical_text
from ink_core.errors import Conflict, InkError

Body = Mapping[str, JsonValue]


class LedgerUnavailable(InkError):
    """The ledger could not make a record durable, so nothing may be dispatched."""

    code = "ledger_unavailable"
    http_status = 503
    retryable = True


class LedgerHeld(LedgerUnavailable):
    """Another manager writes this ledger, or has taken over from this one."""


class ChainMoved(Conflict):
    """What this was decided on is not all any more, so nothing was recorded; decided again it may be."""

    code = "chain_moved"
    retryable = True


@dataclass(frozen=True)
class Record:
    """What a caller wants written, and leaves as it is from then on.

    `relies` says what it was decided on: chains by the number of their last event, 0 where there is none. It is written
    while these chains end so, or not at all, and with it all that was to be written together.
    """

    kind: str
    body: Body
    relies: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Event:
    """One durable record. `seq` counts from 1 within its chain; `prev` is the hash of the event before ('' at 1).

    `hash` = SHA-256 (hex) over the canonical JSON (sorted keys, no spaces, UTF-8) of
    `{"body","chain","kind","prev","seal","seq","time"}`, `time` being RFC 3339 UTC with microseconds and `body` without
    its personal parts (`audit.personal`). Of those the hash covers a commitment: `seal` = SHA-256(salt, their canonical
    JSON), or '' where there are none. Once they are `erased`, placeholders stand in the body.
    """

    chain: str
    seq: int
    kind: str
    time: datetime
    body: Body
    prev: str
    hash: str
    seal: str = ""
    erased: bool = False


@dataclass(frozen=True)
class Where:
    """Which events are looked for; an empty field does not matter. `since` <= time < `until`.

    `first` is the lowest position that is looked at: what follows an event is found without looking at what was before.
    `tool`, `call_id`, `principal`, `owner` and `recording_id` are fields of a body's public part, at whatever depth.
    """

    chain: str = ""
    kind: str = ""
    tool: str = ""
    call_id: str = ""
    principal: str = ""
    owner: str = ""
    recording_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    first: int = 0

    @property
    def pieces(self) -> Sequence[str]:
        """Pieces of canonical JSON that the public part of a body must have."""
        names = ("tool", "call_id", "principal", "owner", "recording_id")
        fields = {name: str(getattr(self, name)) for name in names}
        return [canonical_text({name: value})[1:-1] for name, value in fields.items() if value]


@dataclass(frozen=True)
class Placed:
    """An event and where it stands in the order of writing."""

    position: int
    event: Event


Targets = Mapping[str, Collection[int]]
"""Events by chain and sequence number."""

AUDIT_CHAIN = "audit"


def erasure(targets: Targets, *, by: str, selection: Mapping[str, JsonValue], reason: str) -> Record:
    """What is written of an erasure: who, why, what was asked for, and which events that was, as ranges."""
    events: dict[str, JsonValue] = {chain: _ranges(numbers) for chain, numbers in sorted(targets.items())}
    return Record("audit.erased", {"by": by, "reason": reason, "selection": dict(selection), "events": events})


def _ranges(numbers: Collection[int]) -> list[JsonValue]:
    """`[first, last]` of each run of numbers."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return cast("list[JsonValue]", ranges)


class Ledger(Protocol):
    @property
    def epoch(self) -> int:
        """Number of the event that it took its lease with, higher than that of all who had it before; 0 without one."""
        ...

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        """Write all records of one call together, in order. Durable (fsync) on return.

        Raises `LedgerUnavailable`, and `ChainMoved` where a chain that a record relies on has grown.
        """
        ...

    async def erase(self, targets: Targets, record: Record) -> Event:
        """Delete salts and personal parts of these events for good, in one transaction with `record` (an `erasure`).

        Unknown events, and those with nothing personal left, are passed over. Raises `LedgerUnavailable`.
        """
        ...

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        """Events of one chain with `seq` > `after`, in order. An unknown chain is empty."""
        ...

    async def newest(self, where: Where, *, before: int | None = None, limit: int) -> Sequence[Placed]:
        """At most `limit` events of any chain, the one written last first; with `before`, of lower positions only."""
        ...

    async def chains(self, prefix: str = "") -> Sequence[str]: ...

    def follow(self, chain: str, *, after: int = 0) -> AsyncIterator[Event]:
        """All events after `after`, then each new one as it becomes durable; ends when the consumer stops."""
        ...

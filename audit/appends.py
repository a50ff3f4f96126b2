"""Appends on their way to a ledger's writer: how many may wait and how long, which are written together, who is told.

All that wait at one moment become one group, one transaction and one flush. An adapter has the queue, which is that of
its writer (a thread or a task), and the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from audit.ledger import AUDIT_CHAIN, ChainMoved, Event, LedgerUnavailable, Record, Targets
from audit.sealing import Head, Prepared, prepare, seal

MAX_WAITING = 4096
MAX_GROUP = 512
DEADLINE_S = 30.0
NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True, eq=False)
class Append:
    """What one call wants written (and which events lose their personal parts with it), and who waits for it.

    `relies` is that of its records together.
    """

    chain: str
    records: tuple[Prepared, ...]
    done: asyncio.Future[tuple[Event, ...]]
    erases: tuple[tuple[str, int], ...] = ()
    relies: Mapping[str, int] = field(default_factory=dict[str, int])


class Waiting(Protocol):
    """The part of `queue.SimpleQueue` and `asyncio.Queue` that both have alike; None says that no more will come."""

    def qsize(self) -> int: ...
    def put_nowait(self, item: Append | None) -> None: ...
    def get_nowait(self) -> Append | None: ...


class Appends:
    """One event loop appends; `medium` is what the writer may have to wait for, in words."""

    def __init__(self, waiting: Waiting, medium: str) -> None:
        self._waiting, self._medium = waiting, medium
        self.closed = False

    async def append(self, chain: str, records: Sequence[Record]) -> tuple[Event, ...]:
        relies = {name: seq for record in records if record.relies for name, seq in record.relies.items()}
        return await self._written(chain, prepare(chain, records), relies=relies)

    async def erase(self, targets: Targets, record: Record) -> Event:
        erases = tuple((chain, seq) for chain, numbers in targets.items() for seq in numbers)
        (event,) = await self._written(AUDIT_CHAIN, prepare(AUDIT_CHAIN, [record]), erases)
        return event

    def close(self) -> None:
        """What waits is still written."""
        self.closed = True
        self._waiting.put_nowait(None)

    def group(self, first: Append | None) -> tuple[list[Append], bool]:
        """`first` and all that waits behind it, at most `MAX_GROUP`; true when the ledger closes after it."""
        group: list[Append] = []
        for append in self._from(first):
            if append is None:
                return group, True
            group.append(append)
            if len(group) == MAX_GROUP:
                break
        return group, False

    def _from(self, first: Append | None) -> Iterator[Append | None]:
        yield first
        while self._waiting.qsize():  # nobody else takes from it
            yield self._waiting.get_nowait()

    async def _written(
        self,
        chain: str,
        prepared: tuple[Prepared, ...],
        erases: tuple[tuple[str, int], ...] = (),
        relies: Mapping[str, int] = NOTHING,
    ) -> tuple[Event, ...]:
        if self.closed:
            raise LedgerUnavailable("the ledger is closed; nothing was recorded")
        if self._waiting.qsize() >= MAX_WAITING:
            raise LedgerUnavailable(
                f"{MAX_WAITING} appends wait for the {self._medium}; nothing was recorded, try again"
            )
        append = Append(chain, prepared, asyncio.get_running_loop().create_future(), erases, relies)
        self._waiting.put_nowait(append)
        slow = f"the {self._medium} took longer than {DEADLINE_S:.0f} s; it may or may not be recorded"
        too_late = asyncio.get_running_loop().call_later(DEADLINE_S, fail, [append], slow)
        try:
            return await append.done
        finally:
            too_late.cancel()


@dataclass
class Sealed:
    """A group as it was sealed: the events of each append, and the head of each chain before and after.

    `relied` are heads that must not have moved, whether or not something is written behind them; `moved` are the
    appends that rely on one that has.
    """

    events: dict[Append, tuple[Event, ...]] = field(default_factory=dict[Append, tuple[Event, ...]])
    before: dict[str, Head] = field(default_factory=dict[str, Head])
    after: dict[str, Head] = field(default_factory=dict[str, Head])
    relied: dict[str, Head] = field(default_factory=dict[str, Head])
    moved: dict[Append, str] = field(default_factory=dict[Append, str])

    @property
    def rows(self) -> list[tuple[Event, Prepared]]:
        return [row for append, events in self.events.items() for row in zip(events, append.records, strict=True)]

    @property
    def erases(self) -> list[tuple[str, int]]:
        return [event for append in self.events for event in append.erases]

    def tell(self) -> None:
        """It is durable: everybody who still waits gets their events, or hears that they decide again."""
        for append, events in self.events.items():
            if not append.done.done():
                append.done.set_result(events)
        for append, chain in self.moved.items():
            if not append.done.done():
                append.done.set_exception(moved(chain))


def seal_group(group: Sequence[Append], heads: dict[str, Head], now: datetime) -> Sealed:
    """Pure. `heads` has the head of every chain that the group writes or relies on and that has one."""
    sealed = Sealed()
    for append in group:
        if append.relies and (grown := _grown(append.relies, sealed, heads)):
            sealed.moved[append] = grown
            continue
        before = sealed.before.setdefault(append.chain, heads.get(append.chain, Head()))
        events = seal(append.chain, append.records, sealed.after.get(append.chain, before), now)
        sealed.events[append] = events
        sealed.after[append.chain] = Head(events[-1].seq, events[-1].hash)
    return sealed


def _grown(relies: Mapping[str, int], sealed: Sealed, heads: Mapping[str, Head]) -> str | None:
    """One of the chains that has; where none has, the heads that were there before the group are relied on."""
    ends = {chain: sealed.after.get(chain, heads.get(chain, Head())) for chain in relies}
    if grown := next((chain for chain, seq in relies.items() if ends[chain].seq != seq), None):
        return grown
    sealed.relied.update((chain, head) for chain, head in ends.items() if chain not in sealed.after)
    return None


def moved(chain: str) -> ChainMoved:
    return ChainMoved(f"{chain} has changed since this was decided, so nothing was recorded; try again")


def fail(group: Sequence[Append], reason: str) -> None:
    """It is not: everybody who still waits hears why."""
    for append in group:
        if not append.done.done():
            append.done.set_exception(LedgerUnavailable(reason))

"""The shipped double of the ledger: same chains, same hashes, same redaction, kept in memory and durable nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import islice

from audit.appends import moved
from audit.canonical import canonical_text
from audit.leases import TAKEN_OVER, Lease
from audit.ledger import AUDIT_CHAIN, Event, LedgerHeld, LedgerUnavailable, Placed, Record, Targets, Where
from audit.news import News
from audit.personal import split
from audit.sealing import Head, prepare, seal
from ink_core.clock import Clock, SystemClock


class MemoryLedger:
    """`beside` is another instance that the events are shared with, as two managers share a database."""

    def __init__(
        self, clock: Clock | None = None, lease: Lease | None = None, beside: MemoryLedger | None = None
    ) -> None:
        self._clock = clock or SystemClock()
        self._chains: dict[str, list[Event]] = beside._chains if beside else {}
        self._order: list[tuple[str, int]] = beside._order if beside else []
        self._news = beside._news if beside else News()
        self._closed = self._superseded = False
        self._lease: Lease | None = None
        if lease:
            (self._taken,) = self._write(lease.chain, [lease.taken])
            self._lease = lease

    @property
    def epoch(self) -> int:
        return self._taken.seq if self._lease else 0

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        if self._closed:
            raise LedgerUnavailable("the ledger is closed; nothing was recorded")
        if self._lease:
            self._check(self._lease)
        for record in records:
            for relied, seq in (record.relies or {}).items():
                if len(self._chains.get(relied, ())) != seq:
                    raise moved(relied)
        return self._write(chain, records)

    def _check(self, lease: Lease) -> None:
        if self._chains[lease.chain][-1] == self._taken:
            return
        if not self._superseded:
            self._superseded = True
            lease.superseded()
        raise LedgerHeld(TAKEN_OVER)

    def _write(self, chain: str, records: Sequence[Record]) -> tuple[Event, ...]:
        prepared = prepare(chain, records)
        kept = self._chains.setdefault(chain, [])
        head = Head(kept[-1].seq, kept[-1].hash) if kept else Head()
        events = seal(chain, prepared, head, self._clock.now())
        kept.extend(events)
        self._order.extend((chain, event.seq) for event in events)
        self._news.announce([chain])
        return events

    async def erase(self, targets: Targets, record: Record) -> Event:
        (event,) = await self.append(AUDIT_CHAIN, record)
        for chain, numbers in targets.items():
            kept = self._chains.get(chain, [])
            kept[:] = [_without_private(each) if each.seq in numbers else each for each in kept]
        return event

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        start = max(after, 0)
        return tuple(self._chains.get(chain, ())[start : None if limit is None else start + limit])

    async def newest(self, where: Where, *, before: int | None = None, limit: int) -> Sequence[Placed]:
        below = len(self._order) if before is None else min(before - 1, len(self._order))
        places = ((at + 1, *self._order[at]) for at in range(below - 1, max(where.first, 1) - 2, -1))
        placed = (Placed(position, self._chains[chain][seq - 1]) for position, chain, seq in places)
        return tuple(islice((each for each in placed if _is_meant(where, each.event)), limit))

    async def chains(self, prefix: str = "") -> Sequence[str]:
        return tuple(sorted(chain for chain in self._chains if chain.startswith(prefix)))

    def follow(self, chain: str, *, after: int = 0) -> AsyncIterator[Event]:
        return self._news.follow(chain, after, lambda start, limit: self.read(chain, after=start, limit=limit))

    async def close(self) -> None:
        self._closed = True
        self._news.close()


def _without_private(event: Event) -> Event:
    return replace(event, body=split(event.body)[0], erased=True) if event.seal else event


def _is_meant(where: Where, event: Event) -> bool:
    return (
        where.chain in ("", event.chain)
        and where.kind in ("", event.kind)
        and (where.since is None or event.time >= where.since)
        and (where.until is None or event.time < where.until)
        and all(piece in canonical_text(split(event.body)[0]) for piece in where.pieces)
    )

"""The processes and connections of a job as a capture last saw them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

from ink_core.identity.principal import Principal
from joblens.captures.capture import Detail
from joblens.query.lens import Lens
from joblens.records import JobKey
from joblens.store.trace_store import TraceStore

RECENT_S = 60.0
LATE_S = 30.0
"""A node hears of an end some seconds later, and its clock may be another."""
PAGE = 1000
MAX_PAGES = 20
MAX_CAPTURES = 5
Row = dict[str, Any]
Rows = Sequence[Row]


class Window(NamedTuple):
    start: float
    end: float


async def latest_processes(lens: Lens, principal: Principal, key: JobKey) -> Rows:
    """Each process once, as it was last sampled; by host and pid. Raises as `Lens.summary`."""
    found = await _latest(lens, principal, key, Detail.PROCESSES, "process", lambda row: row["pid"])
    return sorted(found, key=lambda row: (row["host"], row["pid"]))


async def latest_connections(lens: Lens, principal: Principal, key: JobKey) -> Rows:
    """Each connection once, as it was last sampled; those with the most traffic first. Raises as `Lens.summary`."""
    found = await _latest(lens, principal, key, Detail.CONNECTIONS, "connection", _ends)
    return sorted(found, key=lambda row: row["sent"] + row["received"], reverse=True)


async def _latest(
    lens: Lens, principal: Principal, key: JobKey, detail: Detail, collector: str, same: Callable[[Row], Hashable]
) -> Rows:
    """What was sampled within the last minute of the newest capture that has any; of `same` ones the last.

    Limits: of very many samples those beyond `MAX_PAGES` pages are not looked at, nor captures before the last five.
    """
    summary = await lens.summary(principal, key)
    captures = [each for each in await lens.captures(principal, key) if detail in each.details]
    for capture in captures[:MAX_CAPTURES]:
        end = min(capture.until if capture.ended is None else capture.ended, summary.last_seen)
        window = Window(end - RECENT_S, end + LATE_S)
        if found := await lens.store.ask(lambda store, over=window: _sampled(store, key, over, collector, same)):
            return found
    return ()


def _ends(row: Row) -> Hashable:
    names = ("proto", "local_addr", "local_port", "peer_addr", "peer_port")
    return tuple(row[name] for name in names)


def _sampled(store: TraceStore, key: JobKey, over: Window, collector: str, same: Callable[[Row], Hashable]) -> Rows:
    found: dict[Hashable, Row] = {}
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = store.raw(key, start=over.start, end=over.end, collectors=(collector,), limit=PAGE, cursor=cursor)
        for record in page.rows:
            found[record.host, same(record.data)] = {"host": record.host, "time": record.time, **record.data}
        cursor = page.next_cursor
        if cursor is None:
            break
    return list(found.values())

"""The processes of a job as a capture last saw them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
Rows = Sequence[dict[str, Any]]


async def latest_processes(lens: Lens, principal: Principal, key: JobKey) -> Rows:
    """Each process that was sampled within the last minute of the newest capture that has any, once, as it was then;
    by host and pid. Raises as `Lens.summary`.

    Limits: of very many samples those beyond `MAX_PAGES` pages are not looked at, nor captures before the last five.
    """
    summary = await lens.summary(principal, key)
    captures = [each for each in await lens.captures(principal, key) if Detail.PROCESSES in each.details]
    for capture in captures[:MAX_CAPTURES]:
        end = min(capture.until if capture.ended is None else capture.ended, summary.last_seen)
        if found := await lens.store.ask(lambda store, end=end: _sampled(store, key, end - RECENT_S, end + LATE_S)):
            return found
    return ()


def _sampled(store: TraceStore, key: JobKey, start: float, end: float) -> Rows:
    found: dict[tuple[str, int], dict[str, Any]] = {}
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = store.raw(key, start=start, end=end, collectors=("process",), limit=PAGE, cursor=cursor)
        for record in page.rows:
            found[record.host, int(record.data["pid"])] = {"host": record.host, "time": record.time, **record.data}
        cursor = page.next_cursor
        if cursor is None:
            break
    return [found[place] for place in sorted(found)]

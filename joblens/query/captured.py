"""What captures saw of a job: the records of one kind that the newest one left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from ink_core.identity.principal import Principal
from joblens.captures.capture import Detail
from joblens.query.lens import Lens
from joblens.records import JobKey
from joblens.store.trace_store import RawRecord, TraceStore

T = TypeVar("T")
LATE_S = 30.0
"""A node hears of an end some seconds later, and its clock may be another."""
PAGE = 1000
MAX_PAGES = 20
MAX_CAPTURES = 5


class Window(NamedTuple):
    """From `start` to before `end`, in seconds since the epoch."""

    start: float
    end: float


async def of_newest_capture(
    lens: Lens, principal: Principal, key: JobKey, detail: Detail, look: Callable[[TraceStore, Window], Sequence[T]]
) -> Sequence[T]:
    """What `look` finds in the time of the newest capture with this detail of which it finds anything.

    Raises as `Lens.summary`. Limit: captures before the last `MAX_CAPTURES` are not looked at.
    """
    summary = await lens.summary(principal, key)
    captures = [each for each in await lens.captures(principal, key) if detail in each.details]
    for capture in captures[:MAX_CAPTURES]:
        end = min(capture.until if capture.ended is None else capture.ended, summary.last_seen)
        window = Window(capture.begun, end + LATE_S)
        if found := await lens.store.ask(lambda store, over=window: look(store, over)):
            return found
    return ()


def records(store: TraceStore, key: JobKey, collector: str, over: Window) -> Iterator[RawRecord]:
    """Oldest first. Limit: of very many those beyond `MAX_PAGES` pages are left out."""
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = store.raw(key, start=over.start, end=over.end, collectors=(collector,), limit=PAGE, cursor=cursor)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return

"""Pages of raw records for `/data/raw`, over one job or several of the same id on several clusters.

The cursor says where in which job the next page begins; rates at its start need the records before, which are read
again. Each record is visited once, also while new ones are written. Blocking.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from joblens.api.public.errors import BadQuery
from joblens.api.public.records import PARTS, Around, Inside, public, with_fields
from joblens.api.public.times import Window
from joblens.store.trace_store import JobSummary, Page, RawRecord, TraceStore

LEAD_S = 900.0
MAX_PARTS = 10_000
MOST_CARDS = 64

_Lasts = dict[tuple[str, str], RawRecord]


@dataclass(frozen=True)
class RawQuery:
    collectors: Sequence[str]
    wanted: Sequence[str]  # aliases and paths; none for all
    flatten: bool | None
    size: int
    window: Window | None  # None is all of the job


@dataclass(frozen=True)
class RawPage:
    records: Sequence[dict[str, Any]]
    next_cursor: str | None
    total: int | None


def raw_page(store: TraceStore, jobs: Sequence[JobSummary], query: RawQuery, cursor: str | None) -> RawPage:
    """Oldest first, one job after the other. Raises `BadQuery` for a cursor that is none."""
    place, inner = _read(cursor) if cursor else (0, None)
    if place >= len(jobs):
        raise BadQuery("this cursor is none of this query; start again without one")
    records: list[dict[str, Any]] = []
    total: int | None = 0
    while place < len(jobs) and len(records) < query.size:
        page = _of_job(store, jobs[place], query, inner, query.size - len(records))
        records += page.records
        total = None if total is None or page.total is None else total + page.total
        inner = page.next_cursor
        place += inner is None
    goes_on = place < len(jobs)
    return RawPage(records, _written(place, inner) if goes_on else None, total)


def _of_job(store: TraceStore, job: JobSummary, query: RawQuery, cursor: str | None, size: int) -> RawPage:
    window = query.window or Window(0.0, job.last_seen + 1)
    page = _whole_looks(
        lambda limit: store.raw(
            job.key, start=window.start, end=window.end, collectors=query.collectors, limit=limit, cursor=cursor
        ),
        size,
    )
    if not page.rows:
        return RawPage([], page.next_cursor, page.total)
    lasts = _before(store, job, query.collectors, page.rows[0].time)
    inside = Inside(page.rows, _parts(store, job, query.collectors, page))
    started = {info.host: info.started for info in job.infos if not info.adopted}
    records: list[dict[str, Any]] = []
    for record in page.rows:
        parts = inside.of(record)
        if parts is None:
            continue
        source = (record.host, record.collector)
        told = public(record, Around(lasts.get(source), started.get(record.host), parts))
        records.append(with_fields(told, query.wanted, query.flatten))
        lasts[source] = record
    return RawPage(records, page.next_cursor, page.total)


def _whole_looks(ask: Callable[[int], Page[RawRecord]], size: int) -> Page[RawRecord]:
    """A page that does not end amid the cards of one look at a host; a look alone may be larger than `size`."""
    page = ask(size)
    if page.next_cursor is None or page.rows[-1].collector != "gpu":
        return page
    cut = _of_one_look(reversed(page.rows))
    if cut < len(page.rows):
        return ask(len(page.rows) - cut)
    return ask(_of_one_look(ask(size + MOST_CARDS).rows))


def _of_one_look(rows: Iterable[RawRecord]) -> int:
    """How many of these are of the same look as the first."""
    looks = ((row.host, row.time, row.collector) for row in rows)
    return len(list(next(groupby(looks))[1]))


def _before(store: TraceStore, job: JobSummary, collectors: Sequence[str], first: float) -> _Lasts:
    """The last record of each source before that time, as far back as `LEAD_S`."""
    lasts: _Lasts = {}
    cursor: str | None = None
    while True:
        page = store.raw(
            job.key, start=first - LEAD_S, end=first, collectors=collectors, limit=MAX_PARTS, cursor=cursor
        )
        for record in page.rows:
            lasts[record.host, record.collector] = record
        cursor = page.next_cursor
        if cursor is None:
            return lasts


def _parts(store: TraceStore, job: JobSummary, collectors: Sequence[str], page: Page[RawRecord]) -> Sequence[RawRecord]:
    """Processes, files and connections that were sampled together with the records, at most `MAX_PARTS`."""
    kinds = [PARTS[collector] for collector in collectors if collector in PARTS]
    if not kinds:
        return ()
    start, end = page.rows[0].time, page.rows[-1].time + 1e-3
    return store.raw(job.key, start=start, end=end, collectors=kinds, limit=MAX_PARTS).rows


def _written(place: int, cursor: str | None) -> str:
    return base64.urlsafe_b64encode(json.dumps([place, cursor]).encode()).decode()


def _read(cursor: str) -> tuple[int, str | None]:
    try:
        place, inner = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if type(place) is int and place >= 0 and (inner is None or type(inner) is str):
            return place, inner
    except (ValueError, TypeError):
        pass
    raise BadQuery("this cursor is none of ours; start again without one")

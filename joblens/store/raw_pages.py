"""A page of raw records: as many blocks are unpacked as it takes, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import NamedTuple

from joblens.records import JobKey
from joblens.store.grouping import Rows
from joblens.store.parts import Blocks, HostPart
from joblens.store.raw import Place, Placed, page, records, tables_of
from joblens.store.trace_store import Page, RawRecord


class Wanted(NamedTuple):
    key: JobKey
    start: float
    end: float
    collectors: Sequence[str]
    limit: int
    after: Place | None


def raw_page(held_by: Blocks, parts: Sequence[HostPart], wanted: Wanted) -> Page[RawRecord]:
    start = max(wanted.start, wanted.after.time if wanted.after else wanted.start)
    tables = tables_of(wanted.collectors)
    waiting = sorted(
        (block, part.host)
        for part in parts
        for table in tables
        for block in held_by.blocks(part, table, start, wanted.end)
    )
    held: dict[str, Rows] = {part.host: {} for part in parts}
    tails = {part.host: part.tail for part in parts}
    taken, step = 0, 4
    while True:
        now = waiting[taken : taken + step]
        for (block, host), rows in zip(now, held_by.unpacked([block for block, _ in now]), strict=True):
            held[host].setdefault(block.table, []).extend(rows)
        taken, step = min(taken + step, len(waiting)), step * 2
        whole_before = waiting[taken][0].first if taken < len(waiting) else inf
        found = [each for each in _placed(held, tails, wanted) if start <= each[0].time < whole_before]
        behind = sum(wanted.after is None or place > wanted.after for place, _ in found)
        if behind > wanted.limit or taken == len(waiting):
            return page(found, limit=wanted.limit, after=wanted.after)


def _placed(held: Mapping[str, Rows], tails: Mapping[str, Rows], wanted: Wanted) -> Iterator[Placed]:
    for host, rows in held.items():
        tables = {table: [*rows.get(table, ()), *tails[host].get(table, ())] for table in {*rows, *tails[host]}}
        for placed in records(wanted.key, host, tables, wanted.collectors):
            if placed[0].time <= wanted.end:
                yield placed

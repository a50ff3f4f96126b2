"""Rows become batches, in parts where one would be too large to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from joblens.records import Batch
from joblens.store.wire import TABLES

MOST_ROWS = 50_000


def halves(batch: Batch) -> list[Batch]:
    """Of one that cannot be sent as it is; nothing for a single row, of which there is no half."""
    rows = rows_of(batch)
    return list(parts(batch, rows // 2)) if rows > 1 else []


def rows_of(batch: Batch) -> int:
    return sum(len(getattr(batch, table)) for table in TABLES)


def parts(batch: Batch, most_rows: int = MOST_ROWS) -> Iterator[Batch]:
    if rows_of(batch) <= most_rows:
        yield batch
        return
    said = (field.name for field in fields(Batch) if field.init and field.name not in TABLES)
    empty = {name: getattr(batch, name) for name in said}
    for table in TABLES:
        rows = getattr(batch, table)
        for start in range(0, len(rows), most_rows):
            yield Batch(**empty, **{table: rows[start : start + most_rows]})

"""Rows become batches: numbered, and split where one would be too large to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from joblens.records import Batch
from joblens.store.wire import TABLES

MOST_ROWS = 50_000


def numbered(batch: Batch, last_sequence: int) -> Iterator[Batch]:
    """The batch in parts of at most `MOST_ROWS` rows, with the next sequences."""
    for at, part in enumerate(_parts(batch)):
        yield replace(part, sequence=last_sequence + 1 + at)


def rows_of(batch: Batch) -> int:
    return sum(len(getattr(batch, table)) for table in TABLES)


def _parts(batch: Batch) -> Iterator[Batch]:
    if rows_of(batch) <= MOST_ROWS:
        yield batch
        return
    empty = {field.name: getattr(batch, field.name) for field in fields(Batch) if field.name not in TABLES}
    for table in TABLES:
        rows = getattr(batch, table)
        for start in range(0, len(rows), MOST_ROWS):
            yield Batch(**empty, **{table: rows[start : start + MOST_ROWS]})

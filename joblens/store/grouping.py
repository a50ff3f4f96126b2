"""The rows of a batch by job: what a fold, a block and a query about one job take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from joblens.records import Batch, JobKey
from joblens.store.wire import TABLES

Rows = dict[str, list[Any]]
"""By table of `Batch`, in the order in which they were taken."""


def by_job(batch: Batch) -> dict[JobKey, Rows]:
    found: dict[JobKey, Rows] = {}
    for table in TABLES:
        for row in getattr(batch, table):
            found.setdefault(row.key, {}).setdefault(table, []).append(row)
    return found


def joined(parts: Iterable[Rows]) -> Rows:
    """Those of one job in several batches, in their order."""
    whole: Rows = {}
    for part in parts:
        extend(whole, part)
    return whole


def extend(whole: Rows, part: Rows) -> None:
    for table, rows in part.items():
        whole.setdefault(table, []).extend(rows)

"""A job on one host as a store that folds holds it, and what is answered from such parts, of whichever store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, Protocol

from ink_core.errors import BadInput
from joblens.records import FileSample, JobKey, Mark
from joblens.store import series
from joblens.store.folding import HostFold
from joblens.store.grouping import Rows
from joblens.store.metrics import Metric
from joblens.store.summary import summarise
from joblens.store.trace_store import JobSummary, Point

MAX_WINDOW_ROWS = 1_000_000


@dataclass(slots=True)
class HostPart:
    """`fold` and blocks are of what was folded, `tail` of what came since; by `place` the store finds the blocks.
    `files` and `marks` are the folded ones, where they come with it."""

    host: str
    heard: float
    fold: HostFold
    tail: Rows
    place: tuple[Any, ...]
    files: Sequence[FileSample] = ()
    marks: Sequence[Mark] = ()

    def whole(self) -> HostFold:
        """The fold with the tail. Once only: it changes the fold."""
        self.fold.add(self.tail)
        return self.fold


class Block(NamedTuple):
    """Compressed rows of one table, of times from `first` to `last`."""

    first: float
    id: int | str
    last: float
    table: str
    rows: int


class Blocks(Protocol):
    def blocks(self, part: HostPart, table: str, start: float, end: float, *, and_before: bool = False) -> list[Block]:
        """Those with rows in the window, by their beginning; also the one before the window, where that is wanted."""
        ...

    def unpacked(self, blocks: Sequence[Block]) -> list[list[Any]]:
        """The rows of each."""
        ...


def summary_from(key: JobKey, parts: Sequence[HostPart], now: float) -> JobSummary:
    heard = {part.host: part.heard for part in parts}
    return summarise(key, [part.whole() for part in parts], heard, now)


def series_from(
    held: Blocks, parts: Sequence[HostPart], metrics: Sequence[Metric], over: series.Window
) -> dict[str, list[Point]]:
    tables = sorted({metric.table for metric in metrics})
    rows = [_window(held, part, tables, over) for part in parts]
    infos = [part.whole().info for part in parts]
    return {
        metric.name: series.points(
            metric,
            chain.from_iterable(series.values(metric, *told) for told in zip(rows, infos, strict=True)),
            over,
        )
        for metric in metrics
    }


def _window(held: Blocks, part: HostPart, tables: Sequence[str], over: series.Window) -> Rows:
    """All rows of these tables in the window and, for rates, some before it. Raises `BadInput` for too many."""
    found: Rows = {}
    for table in tables:
        blocks = held.blocks(part, table, over.start, over.end, and_before=True)
        if sum(block.rows for block in blocks) > MAX_WINDOW_ROWS:
            raise BadInput(f"The window has over {MAX_WINDOW_ROWS} samples; ask for a shorter one.")
        found[table] = [*chain.from_iterable(held.unpacked(blocks)), *part.tail.get(table, ())]
    return found

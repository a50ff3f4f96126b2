"""Rows as raw records, in the one order that cursors speak of: time, host, collector, and a number among equals."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from ink_core.errors import BadInput
from joblens.records import JobKey
from joblens.store.trace_store import Page, RawRecord

MAX_LIMIT = 10_000
_CPUMEM = (
    "cpu_ns", "minor_faults", "major_faults", "voluntary_switches", "involuntary_switches", "cpu_wait_ms",
    "rss_bytes", "rss_peak_bytes", "swap_bytes", "processes", "threads", "final",
)  # fmt: skip
_IO = ("rchar", "wchar", "read_bytes", "write_bytes", "syscr", "syscw", "io_wait_ms", "final")
_NET = ("net_rx", "net_tx", "final")
_COLLECTORS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "samples": (("cpumem", _CPUMEM), ("io", _IO), ("net", _NET)),
    "gpus": (("gpu", ()),),
    "power": (("power", ()),),
    "files": (("file", ()),),
    "processes": (("process", ()),),
    "connections": (("connection", ()),),
    "stacks": (("stack", ()),),
}
RAW_TABLES = tuple(_COLLECTORS)
COLLECTORS = tuple(name for told in _COLLECTORS.values() for name, _ in told)
_NOT_DATA = {"key", "time"}


class Place(NamedTuple):
    """Of a record in the order of all."""

    time: float
    host: str
    collector: str
    number: int


Placed = tuple[Place, RawRecord]


def tables_of(collectors: Sequence[str]) -> tuple[str, ...]:
    """Which tables have these collectors' records; none named means all. Raises `BadInput`."""
    if unknown := set(collectors) - set(COLLECTORS):
        raise BadInput(f"There is no collector {min(unknown)!r}; there are {', '.join(COLLECTORS)}.")
    wanted = set(collectors or COLLECTORS)
    return tuple(table for table, told in _COLLECTORS.items() if wanted & {name for name, _ in told})


def records(key: JobKey, host: str, rows: Mapping[str, Sequence[Any]], collectors: Sequence[str]) -> Iterator[Placed]:
    """The rows of a job on one host, each table in the order in which it was taken."""
    wanted = set(collectors or COLLECTORS)
    equals: Counter[tuple[float, str]] = Counter()
    for table, told in _COLLECTORS.items():
        for row in rows.get(table, ()):
            for collector, names in told:
                if collector in wanted:
                    here = Place(row.time, host, collector, equals[row.time, collector])
                    equals[row.time, collector] += 1
                    yield here, RawRecord(key, host, row.time, collector, _data(row, names))


def _data(row: Any, names: Sequence[str]) -> dict[str, Any]:
    if names:
        return {name: getattr(row, name) for name in names}
    return {name: value for name, value in row._asdict().items() if name not in _NOT_DATA}


def page(found: Iterable[Placed], *, limit: int, after: Place | None) -> Page[RawRecord]:
    """The first `limit` of these behind `after`."""
    behind = sorted((each for each in found if after is None or each[0] > after), key=lambda each: each[0])
    shown = behind[:limit]
    return Page([record for _, record in shown], cursor_of(shown[-1][0]) if len(behind) > limit else None)


def checked_limit(limit: int) -> int:
    """Raises `BadInput`."""
    if not 0 < limit <= MAX_LIMIT:
        raise BadInput(f"A page has 1 to {MAX_LIMIT} rows.")
    return limit


def place(cursor: str | None) -> Place | None:
    """Where a cursor of `page` stands. Raises `BadInput`."""
    held = place_of(cursor, (float, str, str, int))
    return None if held is None else Place(*held)


def cursor_of(place: tuple[Any, ...]) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str | None, types: Sequence[type]) -> list[Any] | None:
    """What a cursor holds. Raises `BadInput` where it is none of ours."""
    if cursor is None:
        return None
    try:
        held = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, NotBase64, RecursionError):
        held = None
    places = cast("list[Any]", held) if isinstance(held, list) else []
    if [type(each) for each in places] != list(types):
        raise BadInput("The cursor is none that this store gave; begin without one.")
    return places

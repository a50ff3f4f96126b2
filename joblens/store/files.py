"""The latest figures of files, and which of them many jobs read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from ink_core.errors import BadInput
from joblens.records import FileSample, JobKey

Figures = tuple[JobKey, FileSample]
_ORDERS: dict[str, Callable[[FileSample], int]] = {
    "bytes": lambda file: -(file.read_bytes + file.write_bytes),
    "read_bytes": lambda file: -file.read_bytes,
    "write_bytes": lambda file: -file.write_bytes,
    "operations": lambda file: -(file.read_ops + file.write_ops),
}
ORDERS = tuple(_ORDERS)


def checked_order(order: str) -> Callable[[FileSample], tuple[int, str]]:
    """Raises `BadInput` with the orders that there are."""
    if order not in _ORDERS:
        raise BadInput(f"Files cannot be ordered by {order!r}; there are {', '.join(ORDERS)}.")
    return lambda file: (_ORDERS[order](file), file.path)


def latest(samples: Iterable[FileSample]) -> dict[tuple[str, str, str], FileSample]:
    """Of one job on one host: its figures are cumulative, so the last of each file says all."""
    in_order = sorted(samples, key=lambda sample: sample.time)
    return {(sample.path, sample.mount, sample.traffic): sample for sample in in_order}


def hottest(figures: Iterable[Figures]) -> list[tuple[str, int, int]]:
    """Path, number of jobs that read it, bytes read in all; most jobs first, then most bytes."""
    readers: defaultdict[str, set[JobKey]] = defaultdict(set)
    read: defaultdict[str, int] = defaultdict(int)
    for key, file in figures:
        if file.path and file.read_bytes:
            readers[file.path].add(key)
            read[file.path] += file.read_bytes
    found = [(path, len(jobs), read[path]) for path, jobs in readers.items()]
    return sorted(found, key=lambda hot: (-hot[1], -hot[2], hot[0]))

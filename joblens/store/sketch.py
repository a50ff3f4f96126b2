"""Quantiles of a stream in bounded memory, mergeable: how often a value fell into each bucket of a logarithmic scale.

Buckets are [g**(i-1), g**i) with g = (1 + ERROR) / (1 - ERROR), so that a quantile is at most ERROR off, relatively
(DDSketch, Masson, Rim and Lee, 2019). Values below `LEAST` count as 0. Over `MAX_BUCKETS` the lowest are joined, which
leaves the high quantiles as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import ceil, log

ERROR = 0.01
LEAST = 0.01
MAX_BUCKETS = 512
_GROWTH = (1 + ERROR) / (1 - ERROR)
_PER_LOG = 1 / log(_GROWTH)
_LOWEST = ceil(log(LEAST) * _PER_LOG) - 1  # the bucket of what counts as 0

Sketch = Counter[int]


def add(sketch: Sketch, values: Iterable[float]) -> None:
    sketch.update([ceil(log(value) * _PER_LOG) if value >= LEAST else _LOWEST for value in values])
    if len(sketch) > MAX_BUCKETS:
        _join_lowest(sketch)


def merge(sketches: Iterable[Sketch]) -> Sketch:
    merged: Sketch = Counter()
    for sketch in sketches:
        merged.update(sketch)
    return merged


def quantile(sketch: Sketch, share: float) -> float:
    """The smallest value with at least this share of all at or below it; 0 of nothing."""
    wanted, passed = share * sketch.total(), 0
    for bucket in sorted(sketch):
        passed += sketch[bucket]
        if passed >= wanted:
            return _middle(bucket)
    return 0.0


def _middle(bucket: int) -> float:
    """The value that is equally far, relatively, from both ends of the bucket."""
    return 0.0 if bucket == _LOWEST else 2 * _GROWTH**bucket / (_GROWTH + 1)


def _join_lowest(sketch: Sketch) -> None:
    buckets = sorted(sketch)
    kept = len(buckets) - MAX_BUCKETS
    for bucket in buckets[:kept]:
        sketch[buckets[kept]] += sketch.pop(bucket)

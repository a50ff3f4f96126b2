"""Which batches of a host are kept already: ranges of their numbers, so that each counts once in whatever order."""

from __future__ import annotations

from bisect import bisect_right

Ranges = list[list[int]]
"""`[first, last]` of each run, rising."""

MAX_RANGES = 1000


def taken(ranges: Ranges, number: int) -> bool:
    """Whether it was new; it is among them from now on. Over `MAX_RANGES` the oldest hole counts as filled."""
    place = bisect_right(ranges, number, key=lambda each: each[0])
    if place and number <= ranges[place - 1][1]:
        return False
    ranges.insert(place, [number, number])
    for right in (place + 1, place):
        if 0 < right < len(ranges) and ranges[right - 1][1] + 1 == ranges[right][0]:
            ranges[right - 1][1] = ranges.pop(right)[1]
    if len(ranges) > MAX_RANGES:
        ranges[0][1] = ranges.pop(1)[1]
    return True

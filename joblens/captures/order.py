"""What a collector is told of a capture: both ends of the wire, in the manager and on the node. Pure.

By the time that is left, since clocks of nodes differ. Standard library only: collectors read these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from zlib import crc32

from joblens.captures.capture import MAX_SECONDS, MIN_INTERVAL_S, Capture, Detail
from joblens.records import JobKey

CAPTURES_HEADER = "JobLens-Captures"
"""Of an answer to batches: which captures run that may concern their hosts. Collectors ask again when it changes."""
_DETAILS = frozenset(Detail)


@dataclass(frozen=True, slots=True)
class Order:
    capture_id: str
    key: JobKey
    seconds_left: float
    interval_s: float
    details: frozenset[Detail]
    by: str = ""  # who began it, as each has a share of what a node does at once


def which(captures: Iterable[Capture]) -> str:
    """One short word for these captures, another for others."""
    return f"{crc32(' '.join(sorted(capture.id for capture in captures)).encode()):08x}"


def written(capture: Capture, now: float) -> dict[str, Any]:
    """The order as JSON has it."""
    return {
        "capture_id": capture.id,
        "cluster": capture.key.cluster,
        "job": capture.key.job,
        "seconds_left": max(0.0, capture.until - now),
        "interval_s": capture.interval_s,
        "details": [detail.value for detail in capture.details],
        "by": capture.by,
    }


def read(told: Mapping[str, Any]) -> Order | None:
    """Held to the bounds whatever it asks for, without details that this release does not know; None for what cannot
    be meant."""
    try:
        left, interval = float(told["seconds_left"]), float(told["interval_s"])
        key = JobKey(str(told["cluster"]), str(told["job"]))
        details = frozenset(Detail(word) for word in told["details"] if word in _DETAILS)
    except (KeyError, TypeError, ValueError):
        return None
    if not (isfinite(left) and isfinite(interval) and left > 0):
        return None
    name, by = str(told.get("capture_id", "")), str(told.get("by", ""))
    return Order(name, key, min(left, MAX_SECONDS), max(interval, MIN_INTERVAL_S), details, by)

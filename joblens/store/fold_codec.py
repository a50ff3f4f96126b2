"""A fold as bytes: JSON, compressed. The key is that of whoever keeps it."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import astuple
from itertools import accumulate, pairwise
from typing import Any

from joblens.records import COUNTERS, JobInfo, JobKey, JobSample
from joblens.store.folding import HostFold, Spread
from joblens.store.sketch import Sketch


def pack_fold(fold: HostFold) -> bytes:
    info = None if fold.info is None else astuple(fold.info)[1:]
    last = None if fold.last is None else fold.last[1:]
    spreads = {
        name: [round(each.total, 6), round(each.seconds, 6), round(each.largest, 6), _packed(each.values)]
        for name, each in fold.spreads.items()
    }
    held = [info, fold.samples, fold.first_seen, last, fold.earlier, spreads, fold.rss_peak_bytes, fold.max_processes,
            fold.max_threads, fold.energy_uj, fold.gaps,
            {name: round(rate, 6) for name, rate in fold.now.items()}]  # fmt: skip
    return zlib.compress(json.dumps(held, separators=(",", ":")).encode())


def unpack_fold(key: JobKey, host: str, data: bytes) -> HostFold:
    """Raises `ValueError` where the bytes are no fold. One that was kept before `now` was has none."""
    try:
        info, samples, first_seen, last, earlier, spreads, peak, processes, threads, energy, gaps, *now = json.loads(
            zlib.decompress(data)
        )
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return HostFold(
        host,
        None if info is None else JobInfo(key, *info),
        samples,
        first_seen,
        None if last is None else JobSample(key, *_with_new_counters(last)),
        (*earlier, *[0] * (len(COUNTERS) - len(earlier))),
        {name: Spread(each[0], each[1], each[2], _unpacked(*each[3])) for name, each in spreads.items()},
        now[0] if now else {},
        peak,
        processes,
        threads,
        energy,
        gaps,
    )


def _with_new_counters(figures: list[Any]) -> list[Any]:
    """Of a sample without its key. One that was kept before there were these counters has 0 of them."""
    end = len(COUNTERS) + 1
    missing = len(JobSample._fields) - 1 - len(figures)
    return [*figures[: end - missing], *[0] * missing, *figures[end - missing :]]


def _packed(sketch: Sketch) -> list[list[int]]:
    """The buckets as differences, and how often each."""
    buckets = sorted(sketch)
    return [[after - before for before, after in pairwise([0, *buckets])], [sketch[bucket] for bucket in buckets]]


def _unpacked(differences: list[int], counts: list[int]) -> Sketch:
    return Counter(dict(zip(accumulate(differences), counts, strict=True)))

"""Batches that are not folded yet, unpacked once for all questions: they never change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from joblens.records import JobKey
from joblens.store.grouping import Rows, by_job
from joblens.store.wire import TABLES, decode

MAX_CACHED_ROWS = 100_000


class TailCache:
    """The least used go first, beyond `MAX_CACHED_ROWS` in all. Safe for threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, dict[JobKey, Rows]] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._rows = 0
        self._lock = Lock()

    def get(self, place: Hashable) -> dict[JobKey, Rows] | None:
        with self._lock:
            if place in self._held:
                self._held.move_to_end(place)
            return self._held.get(place)

    def put(self, place: Hashable, encoded: bytes) -> dict[JobKey, Rows]:
        """Raises `BatchMalformed`."""
        batch = decode(encoded)
        jobs, size = by_job(batch), sum(len(getattr(batch, table)) for table in TABLES)
        with self._lock:
            self._rows += size - self._sizes.get(place, 0)
            self._held[place], self._sizes[place] = jobs, size
            while len(self._held) > 1 and self._rows > MAX_CACHED_ROWS:
                oldest, _ = self._held.popitem(last=False)
                self._rows -= self._sizes.pop(oldest)
        return jobs

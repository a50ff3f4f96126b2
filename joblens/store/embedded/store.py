"""The `TraceStore` of one file. One process may write while others read; each call holds a connection alone, and a long
question keeps no short one waiting while there is another."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from queue import LifoQueue
from threading import Lock

from joblens.errors import BatchMalformed, StoreAway, StoreDamaged
from joblens.records import Batch, FileSample, JobKey, Mark, MarkKind
from joblens.store import raw, series
from joblens.store.embedded import expiry, listing
from joblens.store.embedded.file import (
    close_for_writing,
    meaning,
    open_for_reading,
    open_for_writing,
    snapshot,
    transaction,
)
from joblens.store.embedded.files import Hot, files_of, hot_files
from joblens.store.embedded.reading import Reader
from joblens.store.embedded.writing import Writer
from joblens.store.files import checked_order
from joblens.store.metrics import metric
from joblens.store.parts import series_from, summary_from
from joblens.store.raw_pages import Wanted, raw_page
from joblens.store.tails import TailCache
from joblens.store.trace_store import JobQuery, JobState, JobSummary, Page, Point, RawRecord
from joblens.store.wire import encode

READERS = 3


class EmbeddedStore:
    """`max_bytes` bounds what the file holds: beyond it the jobs that ended longest ago go first."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
        read_only: bool = False,
        max_bytes: int | None = None,
    ) -> None:
        """Raises `StoreAway` or `StoreDamaged`."""
        self._path, self._clock, self._max_bytes = path, clock, max_bytes
        self._writing = None if read_only else open_for_writing(path)
        self._writer = Writer(self._writing) if self._writing else None
        self._write_lock, tails = Lock(), TailCache()
        self._readers = [Reader(open_for_reading(path), tails) for _ in range(READERS)]
        self._free: LifoQueue[Reader] = LifoQueue()
        for reader in self._readers:
            self._free.put(reader)

    def write(self, batches: Sequence[Batch]) -> None:
        encoded = [encode(batch) for batch in batches]
        with self._alone_writing() as writer:
            for batch, data in zip(batches, encoded, strict=True):
                writer.take(batch, data)

    @contextmanager
    def _alone_writing(self) -> Generator[Writer]:
        if self._writing is None or self._writer is None:
            raise StoreAway(f"The trace store {self._path} was opened for reading only.")
        with self._write_lock, meaning(self._path), _whole(self._path):
            try:
                with transaction(self._writing):
                    self._make_room()
                    self._writer.look_for_others()
                    yield self._writer
            except BaseException:
                self._writer.forget()
                raise

    def _make_room(self) -> None:
        assert self._writing is not None
        while self._max_bytes is not None and expiry.used_bytes(self._writing) > self._max_bytes:
            if not expiry.remove_oldest(self._writing, self._clock()):
                raise StoreAway(f"The trace store {self._path} is full of running jobs: {self._max_bytes} bytes.")

    @contextmanager
    def _alone_reading(self) -> Generator[Reader]:
        reader = self._free.get()
        try:
            with meaning(self._path), _whole(self._path), snapshot(reader.connection):
                yield reader
        finally:
            self._free.put(reader)

    def jobs(self, query: JobQuery, *, limit: int, cursor: str | None = None) -> Page[JobSummary]:
        after = raw.place_of(cursor, (float, str, str))
        with self._alone_reading() as reader:
            asked = raw.checked_limit(limit) + 1
            found = listing.find(reader.connection, query, self._clock(), limit=asked, after=after)
            rows = [summary_from(key, reader.parts_of(number, key), self._clock()) for number, _, key in found[:limit]]
        more = raw.cursor_of((found[limit - 1][1], *found[limit - 1][2])) if len(found) > limit else None
        return Page(rows, more)

    def counts(self, query: JobQuery) -> dict[JobState, int]:
        with self._alone_reading() as reader:
            return listing.counts(reader.connection, query, self._clock())

    def summary(self, key: JobKey) -> JobSummary:
        with self._alone_reading() as reader:
            return summary_from(key, reader.parts(key), self._clock())

    def timeseries(
        self, key: JobKey, metrics: Sequence[str], *, start: float, end: float, points: int, host: str | None = None
    ) -> dict[str, list[Point]]:
        over, wanted = series.window(start, end, points), [metric(name) for name in metrics]
        with self._alone_reading() as reader:
            parts = [part for part in reader.parts(key) if host in (None, part.host)]
            return series_from(reader, parts, wanted, over)

    def raw(
        self,
        key: JobKey,
        *,
        start: float,
        end: float,
        collectors: Sequence[str] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[RawRecord]:
        wanted = Wanted(key, start, end, collectors, raw.checked_limit(limit), raw.place(cursor))
        with self._alone_reading() as reader:
            return raw_page(reader, reader.parts(key), wanted)

    def files(self, key: JobKey, *, limit: int, order: str = "bytes") -> list[FileSample]:
        checked = checked_order(order)
        with self._alone_reading() as reader:
            found = files_of(reader.connection, key, reader.parts(key))
        return sorted(found, key=checked)[: raw.checked_limit(limit)]

    def marks(self, key: JobKey) -> list[Mark]:
        with self._alone_reading() as reader:
            parts = reader.parts(key)
            rows = reader.connection.execute("SELECT time, kind, text FROM mark WHERE job_id = ?", (parts[0].place[0],))
            found = [Mark(key, told, MarkKind(kind), text) for told, kind, text in rows]
        return sorted(chain(found, *(part.tail.get("marks", ()) for part in parts)), key=lambda mark: mark.time)

    def hot_files(self, cluster: str, *, since: float, limit: int) -> list[Hot]:
        with self._alone_reading() as reader:
            return hot_files(reader.connection, reader, cluster, since, raw.checked_limit(limit))

    def expire(self, before: float) -> int:
        if self._writing is None or self._writer is None:
            raise StoreAway(f"The trace store {self._path} was opened for reading only.")
        with self._write_lock, meaning(self._path), _whole(self._path):
            self._writer.forget()
            return expiry.expire(self._writing, before, self._clock())

    def close(self) -> None:
        for reader in self._readers:
            reader.connection.close()
        if self._writing is not None:
            close_for_writing(self._writing)


@contextmanager
def _whole(path: Path) -> Generator[None]:
    """What was written as rows and cannot be read as such is damage."""
    try:
        yield
    except BatchMalformed as error:
        raise StoreDamaged(f"The trace store {path} holds a batch that is none: {error}") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise StoreDamaged(f"The trace store {path} holds rows that are none: {error}") from error

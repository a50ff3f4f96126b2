"""The `TraceStore` of a search cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import chain
from threading import Lock

from joblens.errors import BatchMalformed, StoreAway, StoreDamaged
from joblens.records import Batch, FileSample, JobKey, Mark
from joblens.store import raw, series
from joblens.store.files import checked_order, latest
from joblens.store.metrics import metric
from joblens.store.opensearch import expiry, listing
from joblens.store.opensearch.by_id import Documents
from joblens.store.opensearch.client import Access, Answer, Client
from joblens.store.opensearch.indices import Indices
from joblens.store.opensearch.listing import Hot, key_of
from joblens.store.opensearch.reading import Reader
from joblens.store.opensearch.writing import PublicForm, Writer
from joblens.store.parts import series_from, summary_from
from joblens.store.raw_pages import Wanted, raw_page
from joblens.store.trace_store import JobQuery, JobState, JobSummary, Page, Point, RawRecord
from joblens.store.wire import encode


class OpensearchStore:
    """A host's batches are kept all or none; of several hosts in one call, each for itself. Threads go on beside each
    other, but for batches of one host."""

    def __init__(
        self,
        access: Access,
        *,
        prefix: str = "",
        clock: Callable[[], float] = time.time,
        public_form: Callable[[Indices], PublicForm] | None = None,
    ) -> None:
        """Makes the indices where they are missing. Raises `StoreAway`; `BadInput` for an unsafe address."""
        self._client = Client(access)
        self._indices = Indices(self._client, prefix)
        self._documents = Documents(self._client, self._indices)
        self._writer = Writer(self._documents, public_form(self._indices) if public_form else None)
        self._reader = Reader(self._documents)
        self._clock = clock
        self._hosts: dict[str, Lock] = {}
        try:
            with _meaning():
                self._indices.prepare()
        except BaseException:
            self.close()
            raise

    def write(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            encode(batch)  # what cannot be kept is refused before anything is
        hosts: dict[str, list[Batch]] = {}
        for batch in batches:
            hosts.setdefault(batch.host, []).append(batch)
        for host, told in hosts.items():
            with self._hosts.setdefault(host, Lock()), _meaning():
                self._writer.take(host, told)

    @contextmanager
    def _asked(self) -> Generator[Reader]:
        with _meaning():
            yield self._reader

    def jobs(self, query: JobQuery, *, limit: int, cursor: str | None = None) -> Page[JobSummary]:
        after = raw.place_of(cursor, (float, str, str))
        asked = raw.checked_limit(limit) + 1
        with self._asked() as reader:
            found = listing.find(self._documents, query, self._clock(), limit=asked, after=after)
            parts = reader.parts_of({key_of(each): each["hosts"] for each in found[:limit]})
            rows = [summary_from(key, each, self._clock()) for key, each in parts.items()]
        more = found[limit - 1] if len(found) > limit else None
        return Page(rows, raw.cursor_of((more["began"], *key_of(more))) if more else None)

    def counts(self, query: JobQuery) -> dict[JobState, int]:
        with self._asked():
            return listing.counts(self._documents, query, self._clock())

    def summary(self, key: JobKey) -> JobSummary:
        with self._asked() as reader:
            return summary_from(key, reader.parts(key), self._clock())

    def timeseries(
        self, key: JobKey, metrics: Sequence[str], *, start: float, end: float, points: int, host: str | None = None
    ) -> dict[str, list[Point]]:
        over, wanted = series.window(start, end, points), [metric(name) for name in metrics]
        with self._asked() as reader:
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
        with self._asked() as reader:
            return raw_page(reader, reader.parts(key), wanted)

    def files(self, key: JobKey, *, limit: int, order: str = "bytes") -> list[FileSample]:
        checked = checked_order(order)
        with self._asked() as reader:
            parts = reader.parts(key)
        found = [latest([*part.files, *part.tail.get("files", ())]).values() for part in parts]
        return sorted(chain.from_iterable(found), key=checked)[: raw.checked_limit(limit)]

    def marks(self, key: JobKey) -> list[Mark]:
        with self._asked() as reader:
            parts = reader.parts(key)
        found = chain.from_iterable([*part.marks, *part.tail.get("marks", ())] for part in parts)
        return sorted(found, key=lambda mark: mark.time)

    def hot_files(self, cluster: str, *, since: float, limit: int) -> list[Hot]:
        with self._asked():
            return listing.hot_files(self._documents, cluster, since, raw.checked_limit(limit))

    def expire(self, before: float) -> int:
        """Raises `StoreAway`; what it has removed by then stays removed, and it may be asked for again."""
        with _meaning():
            self._writer.forget()
            return expiry.expire(self._documents, self._indices, before, self._clock())

    def close(self) -> None:
        self._client.close()


@contextmanager
def _meaning() -> Generator[None]:
    """What the server refuses, and documents that no writer of ours wrote, as errors of a store."""
    try:
        yield
    except Answer as answer:
        raise StoreAway(f"OpenSearch refuses a request: {answer}") from answer
    except (ValueError, KeyError, TypeError, BatchMalformed) as error:
        raise StoreDamaged(f"OpenSearch holds documents that JobLens did not write so: {error!r}") from error

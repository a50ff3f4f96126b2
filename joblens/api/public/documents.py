"""Batches as documents of the public JobLens, for a search cluster that its query service or dashboards read.

One document for each record of a collector, in an index of its collector and day: `{@timestamp, hostname, job_info,
data{process_data, summary}}`. Written again it has the same id and says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from joblens.api.public.records import PARTS, Around, Inside, public
from joblens.api.public.times import text_of
from joblens.records import Batch, JobInfo, JobKey
from joblens.store.grouping import Rows, by_job
from joblens.store.opensearch.documents import Json, id_of
from joblens.store.opensearch.indices import COLLECTORS, Indices
from joblens.store.raw import records
from joblens.store.texts import stored
from joblens.store.trace_store import RawRecord

MAX_KNOWN = 300_000

Source = tuple[str, JobKey, str]


class PublicDocuments:
    """Remembers what rates are made from: of each source the last record, and the one before in case a batch comes
    again. It may be forgotten at any time, which costs one rate."""

    def __init__(self, indices: Indices) -> None:
        self._indices = indices
        self._lasts: dict[Source, tuple[RawRecord | None, RawRecord]] = {}
        self._infos: dict[tuple[str, JobKey], JobInfo] = {}

    def __call__(self, batch: Batch) -> Iterator[tuple[Json, Json]]:
        """The actions of a bulk request."""
        if len(self._lasts) > MAX_KNOWN:
            self._lasts.clear()
            self._infos.clear()
        for key, rows in by_job(batch).items():
            for info in rows.get("jobs", ()):
                self._infos[batch.host, key] = info
            yield from self._of_job(batch, key, rows)
            if any(sample.final for sample in rows.get("samples", ())):
                self._forget(batch.host, key)

    def _of_job(self, batch: Batch, key: JobKey, rows: Rows) -> Iterator[tuple[Json, Json]]:
        info = self._infos.get((batch.host, key))
        started = None if info is None or info.adopted else info.started
        told_records = list(records(key, batch.host, rows, COLLECTORS))
        parts = records(key, batch.host, rows, list(PARTS.values()))
        inside = Inside((record for _, record in told_records), (part for _, part in parts))
        for place, record in told_records:
            parts_of_it = inside.of(record)
            if parts_of_it is None:
                continue
            told = public(record, Around(self._before(record), started, parts_of_it))
            day = datetime.fromtimestamp(record.time, UTC).strftime("%Y.%m.%d")
            index = self._indices.public(record.collector, day)
            document_id = id_of(*key, batch.host, batch.sequence, record.collector, place.time, place.number)
            yield {"index": {"_index": index, "_id": document_id}}, _document(record, told, info)

    def _before(self, record: RawRecord) -> RawRecord | None:
        source = (record.host, record.key, record.collector)
        before, last = self._lasts.get(source, (None, None))
        if last is not None and last.time < record.time:
            before = last
        self._lasts[source] = (before, record)
        return before

    def _forget(self, host: str, key: JobKey) -> None:
        self._infos.pop((host, key), None)
        for collector in COLLECTORS:
            self._lasts.pop((host, key, collector), None)


def _document(record: RawRecord, told: Mapping[str, Any], info: JobInfo | None) -> Json:
    job_info = {
        "NativeJobID": stored(record.key.job),
        "cluster_name": stored(record.key.cluster),
        "clusterTag": stored(record.key.cluster),
    }
    if info is not None:
        names = {"jobtype": info.scheduler, "user": info.user, "name": info.name, "schedd": info.schedd}
        job_info |= {name: stored(value) for name, value in names.items()}
    return {
        "@timestamp": text_of(record.time),
        "hostname": stored(record.host),
        "job_info": job_info,
        "data": told["data"],
    }

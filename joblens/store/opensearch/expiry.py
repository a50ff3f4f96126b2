"""Removing whole jobs, a few at a time: first from the list, so that nobody finds half of one, then the rest."""

from __future__ import annotations

from datetime import UTC, datetime

from joblens.store.opensearch.by_id import Documents
from joblens.store.opensearch.documents import Json, job_id, part, part_id
from joblens.store.opensearch.indices import Indices
from joblens.store.opensearch.listing import key_of, old

CHUNK = 100
_FILES_AT_ONCE = 5_000


def expire(documents: Documents, indices: Indices, before: float, now: float) -> int:
    removed = 0
    while jobs := old(documents, before, now, CHUNK):
        for job in jobs:
            _remove(documents, job)
        removed += len(jobs)
    indices.remove_days_before(datetime.fromtimestamp(before, UTC).strftime("%Y.%m.%d"))
    return removed


def _remove(documents: Documents, job: Json) -> None:
    key = key_of(job)
    owners = {host: part_id(key, host) for host in job["hosts"]}
    found = documents.get("part", list(owners.values()))
    documents.change([documents.remove("job", job_id(key))])
    parts = [part(key, host, found.get(owner)) for host, owner in owners.items()]
    actions = [documents.remove("block", str(block.id)) for each in parts for block in each.blocks]
    actions += [documents.remove("part", owner) for owner in owners.values()]
    for owner in owners.values():
        actions += [documents.remove("file", each) for each in _files_of(documents, owner)]
    documents.change(actions)


def _files_of(documents: Documents, owner: str) -> list[str]:
    found: list[str] = []
    after: list[str] | None = None
    while True:
        body: Json = {"size": _FILES_AT_ONCE, "query": {"term": {"part": owner}}, "_source": False, "sort": ["path"]}
        if after is not None:
            body["search_after"] = after
        hits = documents.search("file", body)["hits"]["hits"]
        found += [each["_id"] for each in hits]
        if len(hits) < _FILES_AT_ONCE:
            return found
        after = hits[-1]["sort"]

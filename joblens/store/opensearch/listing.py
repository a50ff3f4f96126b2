"""Searches: the list of jobs and its counts, files that many jobs read, and jobs that are old."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joblens.records import JobKey
from joblens.store.opensearch.by_id import Documents
from joblens.store.opensearch.documents import Json
from joblens.store.texts import stored
from joblens.store.trace_store import HOST_SILENT_S, JOB_SILENT_S, JobQuery, JobState

MAX_HOSTS = 10_000
_ORDER = [{"began": "desc"}, {"cluster": "desc"}, {"job": "desc"}]
_NOTHING: Json = {"match_none": {}}

Hot = tuple[str, int, int]


def find(documents: Documents, query: JobQuery, now: float, *, limit: int, after: Sequence[Any] | None) -> list[Json]:
    """Documents of jobs, newest first, of those behind `after` (when it began, its cluster and job)."""
    states = _states(documents, now)
    body: Json = {"size": limit, "query": _selection(documents, query, states), "sort": _ORDER}
    if after is not None:
        body["search_after"] = after
    return [each["_source"] for each in documents.search("job", body)["hits"]["hits"]]


def key_of(document: Json) -> JobKey:
    return JobKey(document["cluster"], document["job"])


def counts(documents: Documents, query: JobQuery, now: float) -> dict[JobState, int]:
    states = _states(documents, now)
    body = {
        "size": 0,
        "query": _selection(documents, query, states),
        "aggs": {"states": {"filters": {"filters": {state.value: states[state] for state in JobState}}}},
    }
    found = documents.search("job", body)["aggregations"]["states"]["buckets"]
    return {state: found[state.value]["doc_count"] for state in JobState}


def old(documents: Documents, before: float, now: float, limit: int) -> list[Json]:
    """Those that do not run and were last seen before."""
    states = _states(documents, now)
    wanted = [{"range": {"seen": {"lt": before}}}, {"bool": {"must_not": states[JobState.RUNNING]}}]
    body = {"size": limit, "query": {"bool": {"filter": wanted}}, "sort": [{"seen": "asc"}]}
    return [each["_source"] for each in documents.search("job", body)["hits"]["hits"]]


def hosts_heard_since(documents: Documents, time: float) -> list[str]:
    body = {"size": MAX_HOSTS, "query": {"range": {"heard": {"gt": time}}}, "_source": ["host"]}
    return [each["_source"]["host"] for each in documents.search("host", body)["hits"]["hits"]]


def hot_files(documents: Documents, cluster: str, since: float, limit: int) -> list[Hot]:
    """The number of jobs is the server's estimate beyond some thousands."""
    wanted = [
        {"term": {"cluster": stored(cluster)}},
        {"range": {"read_bytes": {"gt": 0}}},
        {"range": {"seen": {"gte": since}}},
    ]
    figures = {
        "jobs": {"cardinality": {"field": "job", "precision_threshold": 4000}},
        "read": {"sum": {"field": "read_bytes"}},
    }
    order = [{"jobs": "desc"}, {"read": "desc"}, {"_key": "asc"}]
    by_path = {"terms": {"field": "path", "size": limit, "order": order}, "aggs": figures}
    query = {"bool": {"filter": wanted, "must_not": {"term": {"path": ""}}}}
    answer = documents.search("file", {"size": 0, "query": query, "aggs": {"paths": by_path}})
    found = answer["aggregations"]["paths"]["buckets"]
    return [(each["key"], each["jobs"]["value"], int(each["read"]["value"])) for each in found]


def _states(documents: Documents, now: float) -> dict[JobState, Json]:
    """What each state is to the server. As of the last fold, which is at most some minutes old."""
    heard = hosts_heard_since(documents, now - HOST_SILENT_S)
    ended = {"term": {"ended": True}}
    running = [
        {"term": {"ended": False}},
        {"terms": {"open_hosts": heard}},
        {"range": {"seen": {"gt": now - JOB_SILENT_S}}},
    ]
    told = {"bool": {"filter": running}}
    return {
        JobState.ENDED: ended,
        JobState.RUNNING: told,
        JobState.LOST: {"bool": {"must_not": [ended, told]}},
    }


def _selection(documents: Documents, query: JobQuery, states: dict[JobState, Json]) -> Json:
    wanted: list[Json] = []
    if query.cluster is not None:
        wanted.append({"term": {"cluster": stored(query.cluster)}})
    if query.states is not None:
        wanted.append(_any([states[state] for state in query.states]))
    for names, name in ((query.users, "users"), (query.hosts, "hosts")):
        if names is not None:
            wanted.append({"terms": {name: [stored(each) for each in names]}})
    if query.since is not None:
        open_hosts = {"terms": {"open_hosts": hosts_heard_since(documents, query.since - 1e-6)}}
        wanted.append(_any([{"range": {"seen": {"gte": query.since}}}, open_hosts]))
    if query.until is not None:
        wanted.append({"range": {"began": {"lte": query.until}}})
    if query.text:
        wanted.append(_any([_has_text(name, query.text) for name in ("job", "users", "names")]))
    return {"bool": {"filter": wanted}}


def _any(queries: Sequence[Json]) -> Json:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else _NOTHING


def _has_text(name: str, text: str) -> Json:
    plain = "".join(f"\\{each}" if each in "*?\\" else each for each in stored(text))
    return {"wildcard": {name: {"value": f"*{plain}*", "case_insensitive": True}}}

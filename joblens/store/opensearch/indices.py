"""The indices: four of our own, and one a day and collector in the form of the public JobLens.

`host`: which batches of a host are kept and which are not folded yet. `batch`: those, as they travel. `job`: the list.
`part`: a job on one host: its running summary, where its blocks are. `block`: compressed rows. `file`: who reads what.
Everything is found by its id, which the server answers at once; only the list and the hot files are searched.
"""

from __future__ import annotations

from typing import Any

from joblens.store.opensearch.client import Answer, Client

OWN = ("host", "batch", "job", "part", "block", "file")
COLLECTORS = ("cpumem", "io", "net", "gpu", "power")
_KEYWORD = {"type": "keyword", "ignore_above": 8191}
_NUMBER = {"type": "double"}
_HELD = {"enabled": False}
_WITH_KEYWORD = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 512}}}
_IDS = ("NativeJobID", "cluster_name", "clusterTag", "jobtype", "user", "schedd")
_MAPPINGS: dict[str, dict[str, Any]] = {
    "host": {"host": _KEYWORD, "heard": _NUMBER, "state": _HELD},
    "batch": {"data": {"type": "binary"}},
    "job": {
        "cluster": _KEYWORD, "job": _KEYWORD, "began": _NUMBER, "seen": _NUMBER, "ended": {"type": "boolean"},
        "hosts": _KEYWORD, "open_hosts": _KEYWORD, "users": _KEYWORD, "names": _KEYWORD,
    },
    "part": {"state": _HELD},
    "block": {"data": {"type": "binary"}, "part": _KEYWORD},
    "file": {"cluster": _KEYWORD, "job": _KEYWORD, "path": _KEYWORD, "read_bytes": {"type": "long"}, "seen": _NUMBER,
             "part": _KEYWORD},
}  # fmt: skip
_PUBLIC_MAPPING: dict[str, Any] = {
    "properties": {
        "@timestamp": {"type": "date"},
        "hostname": _WITH_KEYWORD,
        "job_info": {"properties": dict.fromkeys(_IDS, _WITH_KEYWORD)},
    },
}


class Indices:
    """Names with a prefix, so that several stores can share a server."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._client, self._prefix = client, prefix

    def own(self, name: str) -> str:
        return f"{self._prefix}joblens_{name}"

    def public(self, collector: str, day: str) -> str:
        """`day` is YYYY.MM.DD."""
        return f"{self._prefix}{collector}_collector_{day}"

    def prepare(self) -> None:
        """Makes what is not there. Any number of writers may do so at once."""
        for name in OWN:
            settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "codec": "best_compression"}
            body = {"settings": settings, "mappings": {"dynamic": False, "properties": _MAPPINGS[name]}}
            try:
                self._client.ask("PUT", f"/{self.own(name)}", body)
            except Answer as answer:
                if answer.kind != "resource_already_exists_exception":
                    raise
        patterns = [self.public(collector, "*") for collector in COLLECTORS]
        template = {"settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}, "mappings": _PUBLIC_MAPPING}
        body = {"index_patterns": patterns, "priority": 200, "template": template}
        self._client.ask("PUT", f"/_index_template/{self._prefix}joblens_public", body)

    def remove_days_before(self, day: str) -> None:
        """Whole days of the public form, which are indices of their own."""
        for collector in COLLECTORS:
            found = self._client.ask("GET", f"/_cat/indices/{self.public(collector, '*')}?format=json&h=index")
            for index in (each["index"] for each in found):
                if index < self.public(collector, day):
                    self._client.ask("DELETE", f"/{index}")

"""The answers of `/data` about one job and about what there is to ask for, in the words of the public JobLens. Pure.

Its clients know two forms of `stats`: `mem.max_kb` and `io.total_bytes`, and the newer `mem.max` and `io_bytes.value`.
Both are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from joblens.api.public.fields import ALIASES, COLLECTORS, SHORT
from joblens.api.public.times import text_of
from joblens.store.trace_store import JobSummary

KIB = 1024


def summary_view(summary: JobSummary) -> dict[str, Any]:
    """The total of I/O is what was read from and written to storage from the first sample to the last."""
    memory = {"max": summary.rss_peak_bytes // KIB, "avg": round(summary.rss_bytes.avg / KIB, 1)}
    read, written = summary.totals.get("read_bytes", 0), summary.totals.get("write_bytes", 0)
    return {
        "job": summary.key.job,
        "cluster": summary.key.cluster,
        "time": _times(summary),
        "scope": {
            "hosts": sorted({info.host for info in summary.infos}),
            "collectors": list(summary.collectors),
            "samples_count": summary.samples,
        },
        "stats": {
            "cpu": asdict(summary.cpu_percent),
            "mem": memory | {"max_kb": memory["max"], "avg_kb": memory["avg"]},
            "io": {"total_bytes": read + written},
            "io_bytes": {"value": read},
        },
    }


def check_view(cluster: str, job: str, summary: JobSummary | None) -> dict[str, Any]:
    found = {
        "exists": summary is not None,
        "count": summary.samples if summary else 0,
        "job_id": job,
        "cluster": cluster,
    }
    return found if summary is None else found | {"time": _times(summary)}


def schema_view(clusters: Iterable[tuple[str, str]], collector: str | None) -> dict[str, Any]:
    """`clusters` are names and types of schedulers."""
    names = [name for name in COLLECTORS if collector in (None, name)]
    return {
        "clusters": [
            {"id": name, "type": kind, "alias": name, "enabled": True, "collectors": list(COLLECTORS)}
            for name, kind in clusters
        ],
        "collectors": [_collector(name) for name in names],
        "common_aliases": {name: alias.path for name, alias in ALIASES.items() if not alias.collector},
    }


def _collector(name: str) -> dict[str, Any]:
    aliases = [
        {"alias": alias, "es_field": told.path, "type": told.type, "record_field": alias if alias in SHORT else ""}
        for alias, told in ALIASES.items()
        if told.collector == name
    ]
    return {
        "name": name,
        "description": COLLECTORS[name],
        "index_pattern": "{name}_collector_{yyyy.MM.dd}",
        "aliases": aliases,
    }


def _times(summary: JobSummary) -> dict[str, object]:
    spent = summary.last_seen - summary.first_seen
    first, last = text_of(summary.first_seen), text_of(summary.last_seen)
    return {"first_seen": first, "last_seen": last, "duration_sec": int(spent)}


def indices_of(collectors: Sequence[str], hit: Iterable[str]) -> Sequence[str]:
    """Names of indices that records would lie in, by collector and day."""
    days = sorted({time[:10].replace("-", ".") for time in hit})
    return [f"{collector}_collector_{day}" for collector in collectors for day in days]

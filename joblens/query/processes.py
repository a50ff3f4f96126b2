"""The processes of a job as a capture last saw them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joblens.store.trace_store import JobSummary, TraceStore

RECENT_S = 60.0
PAGE = 1000
MAX_PAGES = 20


def latest_processes(store: TraceStore, summary: JobSummary) -> Sequence[dict[str, Any]]:
    """Each process that was sampled within the last minute of the capture, once, as it was then; by host and pid.

    Limits: of very many samples the last `MAX_PAGES` pages of the minute are not looked at beyond the bound.
    """
    found: dict[tuple[str, int], dict[str, Any]] = {}
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = store.raw(
            summary.key,
            start=summary.last_seen - RECENT_S,
            end=summary.last_seen + 1,
            collectors=("process",),
            limit=PAGE,
            cursor=cursor,
        )
        for record in page.rows:
            found[record.host, int(record.data["pid"])] = {"host": record.host, "time": record.time, **record.data}
        cursor = page.next_cursor
        if cursor is None:
            break
    return [found[key] for key in sorted(found)]

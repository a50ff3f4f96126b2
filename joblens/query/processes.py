"""The processes and connections of a job as a capture last saw them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from ink_core.identity.principal import Principal
from joblens.captures.capture import Detail
from joblens.query.captured import LATE_S, Window, of_newest_capture, records
from joblens.query.lens import Lens
from joblens.records import JobKey
from joblens.store.trace_store import TraceStore

RECENT_S = 60.0
Row = dict[str, Any]
Rows = Sequence[Row]


async def latest_processes(lens: Lens, principal: Principal, key: JobKey) -> Rows:
    """Each process once, as it was last sampled; by host and pid. Raises as `Lens.summary`."""
    found = await _latest(lens, principal, key, Detail.PROCESSES, "process", lambda row: row["pid"])
    return sorted(found, key=lambda row: (row["host"], row["pid"]))


async def latest_connections(lens: Lens, principal: Principal, key: JobKey) -> Rows:
    """Each connection once, as it was last sampled; those with the most traffic first. Raises as `Lens.summary`."""
    found = await _latest(lens, principal, key, Detail.CONNECTIONS, "connection", _ends)
    return sorted(found, key=lambda row: row["sent"] + row["received"], reverse=True)


async def _latest(
    lens: Lens, principal: Principal, key: JobKey, detail: Detail, collector: str, same: Callable[[Row], Hashable]
) -> Rows:
    """What was sampled within the last minute of the newest capture that has any; of `same` ones the last."""

    def look(store: TraceStore, over: Window) -> Rows:
        found: dict[Hashable, Row] = {}
        last_minute = Window(over.end - LATE_S - RECENT_S, over.end)
        for record in records(store, key, collector, last_minute):
            found[record.host, same(record.data)] = {"host": record.host, "time": record.time, **record.data}
        return list(found.values())

    return await of_newest_capture(lens, principal, key, detail, look)


def _ends(row: Row) -> Hashable:
    names = ("proto", "local_addr", "local_port", "peer_addr", "peer_port")
    return tuple(row[name] for name in names)

"""What waits for `/health` while lists and downloads run: ours, and beside it that of plain FastAPI, which does nothing
else.

Two clients ask every 10 ms, at the same time: of an idle manager, beside lists and downloads at a pace that leaves the
machine some rest, and beside as many as it can do. All in rounds, one after the other, in both placements of `cores`.
Where servers are apart, plain FastAPI shares the manager's core, and the two clients come first on theirs, as far as
this user may ask for that: a wait is the server's, and not that of a client for its own core.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.rest.cores import Place, apart, placements, processor_seconds
from bench.rest.load import Counted, Order, Running

HEALTH_S, HEALTH_PAUSE_S = 6.0, 0.01
ROUNDS = 5
PLACES = placements()
JUDGED = {"apart": PLACES["apart"]} if "apart" in PLACES else PLACES
"""By which place a p99 is judged (decision 70); a machine of one core has no other than the one."""
OURS, PLAIN = "health", "plain_health"
IDLE = "idle"
STILL = 0.2
"""A p99 that differs from an idle manager's by no more than this share of it has not moved."""
LOAD_PAUSE_S = {
    "job_list_50": 0.1,
    "job_list_6195_page": 0.1,
    "file_list_202": 0.1,
    "file_list_65000_first_page": 1.0,
    "download_100mb": 2.0,
}
"""The load, with what a client of the paced one waits between an answer and its next request."""


@dataclass(frozen=True)
class Servers:
    """Addresses of what is compared, and the processes that answer there."""

    health: Order
    plain: Order
    manager_pid: int
    plain_pid: int

    @property
    def pids(self) -> Sequence[int]:
        return self.manager_pid, self.plain_pid


@dataclass(frozen=True)
class Waits:
    """Of both, in one round beside one load; `manager_cores` is what the manager's process took meanwhile."""

    ours: Counted
    plain: Counted
    manager_cores: float


def health_waits(
    servers: Servers, orders: Mapping[str, Order], *, rounds: int = ROUNDS, places: Mapping[str, Place] = PLACES
) -> dict[str, Any]:
    """By placement and load: medians of the rounds, in milliseconds, and whether the p99 holds.

    It does when it moves by no more than `STILL` of an idle manager's, or than plain FastAPI's does beside the same.
    """
    full = [orders[name] for name in LOAD_PAUSE_S]
    paced = [replace(orders[name], pause_s=pause) for name, pause in LOAD_PAUSE_S.items()]
    loads: dict[str, list[Order]] = {IDLE: [], "paced_load": paced, "under_load": full}
    found: dict[tuple[str, str], list[Waits]] = {}
    for _ in range(rounds):
        for placement, place in places.items():
            for load, beside in loads.items():
                found.setdefault((placement, load), []).append(_beside(servers, beside, place))
    return {
        placement: {load: judged(found[placement, IDLE], found[placement, load]) for load in loads}
        for placement in places
    }


def judged(idle: Sequence[Waits], loaded: Sequence[Waits]) -> dict[str, Any]:
    """A move is the median of those of the rounds, each from the idle manager of its own round."""
    pairs = list(zip(idle, loaded, strict=True))
    moves = statistics.median(one.ours.p99_ms - alone.ours.p99_ms for alone, one in pairs)
    plain_moves = statistics.median(one.plain.p99_ms - alone.plain.p99_ms for alone, one in pairs)
    still = STILL * statistics.median(alone.ours.p99_ms for alone in idle)
    figures = {
        "p50_ms": statistics.median(one.ours.p50_ms for one in loaded),
        "p99_ms": statistics.median(one.ours.p99_ms for one in loaded),
        "plain_p99_ms": statistics.median(one.plain.p99_ms for one in loaded),
        "manager_cores": statistics.median(one.manager_cores for one in loaded),
    }
    if loaded is idle:
        return figures
    told = {"moves_ms": round(moves, 2), "plain_moves_ms": round(plain_moves, 2), "still_ms": round(still, 2)}
    return figures | told | {"holds": moves <= max(still, plain_moves)}


def _beside(servers: Servers, orders: Sequence[Order], place: Place) -> Waits:
    """While three connections of each order are at work."""
    loads = [Running(replace(order, connections=3, seconds=HEALTH_S + 2)) for order in orders]
    place(servers.pids)
    asked = [
        Running(replace(order, connections=1, seconds=HEALTH_S, pause_s=HEALTH_PAUSE_S, first=place is apart))
        for order in (servers.health, servers.plain)
    ]
    began, before = time.monotonic(), processor_seconds(servers.manager_pid)
    ours, plain = [one.counted() for one in asked]
    cores = (processor_seconds(servers.manager_pid) - before) / (time.monotonic() - began)
    for load in loads:
        load.counted()
    return Waits(ours, plain, round(cores, 2))

"""A cluster of 1,200 nodes, 64,000 slots and 10,000 jobs over HTTP: in pages, filtered, in an order, and in sums."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from ink_core.compute.cluster_view import MirroredCluster
from ink_core.compute.mirror import QueueMirror
from ink_core.compute.model import Associations, ClusterHealth, Explanation, Job, JobState, QueueSnapshot, compact
from ink_core.compute.priorities import Measure, Priorities
from ink_core.compute.topology import NodeDetails, Schedd, Slot, Topology
from ink_core.errors import JobNotFound
from tests.security.application import application, client, signed_in

NODES, SLOTS, JOBS = 1_200, 64_000, 10_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DRAINED = range(0, NODES, 60)

pytestmark = pytest.mark.asyncio(loop_scope="module")


class LargePool:
    """A reader that counts how often it is asked what the pool consists of."""

    cluster = "pool"

    def __init__(self) -> None:
        self.asked = 0
        self._topology = Topology(
            cluster="pool",
            observed_at=NOW,
            nodes=tuple(_node(number) for number in range(NODES)),
            slots=tuple(_slot(number) for number in range(SLOTS)),
            schedds=(Schedd(name="schedd1", running=60_000, idle=JOBS),),
        )

    def snapshot(self) -> QueueSnapshot:
        return QueueSnapshot.model_construct(
            cluster="pool", observed_at=NOW, jobs=tuple(compact(_job(n)) for n in range(JOBS))
        )

    def topology(self) -> Topology:
        self.asked += 1
        return self._topology

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        return ()

    def health(self) -> ClusterHealth:
        return ClusterHealth(cluster="pool", observed_at=NOW, nodes=(), problems=())

    def associations(self, user: str) -> Associations:
        return Associations()

    def priorities(self) -> Priorities:
        return Priorities(cluster="pool", observed_at=NOW, measure=Measure.NONE)

    def explain(self, job_id: str) -> Explanation:
        raise JobNotFound(job_id)


def _name(number: int) -> str:
    return f"wn{number:04}.example"


def _node(number: int) -> NodeDetails:
    drained = number in DRAINED
    return NodeDetails(
        name=_name(number),
        state="Drained" if drained else "Claimed",
        cpus=54,
        cpus_used=0 if drained else number % 55,
        memory_mb=216_000,
        out_of_service=drained,
        reason="disk is replaced" if drained else None,
        load=number % 97 / 2,
    )


def _slot(number: int) -> Slot:
    node = number % NODES
    state = "Drained" if node in DRAINED else "Claimed"
    return Slot(f"slot1_{number // NODES}@{_name(node)}", _name(node), state, "Busy", 1, 4_000)


def _job(number: int) -> Job:
    return Job(
        cluster="pool",
        job_id=f"{number}.0",
        owner=f"user{number % 20}",
        name="fit",
        state=JobState.QUEUEING,
        command="/bin/fit",
        submitted_at=NOW,
    )


@pytest.fixture(scope="module")
def pool() -> LargePool:
    return LargePool()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http(pool: LargePool, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx2.AsyncClient]:
    mirror = QueueMirror([MirroredCluster(pool, poll_interval_s=3600)])
    async with application(tmp_path_factory.mktemp("site")) as app, client(app) as opened:
        app.state.core = replace(app.state.core, queues=mirror)
        opened.headers |= await signed_in(app, "alice")
        await mirror.refresh("pool")
        yield opened
        await mirror.close()


async def nodes(http: httpx2.AsyncClient, **query: Any) -> Any:
    answer = await http.get("/api/v1/clusters/pool/nodes", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.requirement("SCALE-NODES-01")
async def test_pages_show_every_node_once_and_the_scheduler_is_asked_once(
    http: httpx2.AsyncClient, pool: LargePool
) -> None:
    await asyncio.gather(*(nodes(http, limit=1) for _ in range(20)))
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = await nodes(http, offset=offset, limit=500)
        assert page["total"] == NODES
        seen += [node["name"] for node in page["nodes"]]
        offset = page["next_offset"]
    assert seen == [_name(number) for number in range(NODES)]
    assert pool.asked == 1


@pytest.mark.requirement("SCALE-NODES-01")
async def test_nodes_are_found_by_state_text_and_service_and_come_in_an_order(http: httpx2.AsyncClient) -> None:
    drained = await nodes(http, state="Drained", limit=1)
    assert (drained["total"], drained["totals"]["out_of_service"]) == (len(DRAINED), len(DRAINED))
    assert (await nodes(http, out_of_service="true"))["total"] == len(DRAINED)
    assert (await nodes(http, q="DISK is"))["total"] == len(DRAINED)
    assert [node["name"] for node in (await nodes(http, q="wn0007"))["nodes"]] == [_name(7)]
    loads = [node["load"] for node in (await nodes(http, order="load", limit=1000))["nodes"]]
    assert loads == sorted(loads, reverse=True) and loads[0] == 48
    free = (await nodes(http, order="cpus_free", limit=1))["nodes"][0]
    assert free["cpus"] - free["cpus_used"] == 54
    assert (await nodes(http, partition="none"))["nodes"] == []
    assert (await nodes(http, offset=NODES))["next_offset"] is None


@pytest.mark.requirement("SCALE-NODES-01")
async def test_all_slots_and_jobs_are_in_the_sums_and_in_the_lists(http: httpx2.AsyncClient) -> None:
    totals = (await http.get("/api/v1/clusters/pool/totals")).json()
    assert totals["totals"]["cpus"] == NODES * 54
    assert sum(totals["totals"]["nodes"].values()) == NODES
    assert sum(totals["totals"]["slots"].values()) == SLOTS
    assert totals["schedds"][0]["idle"] == JOBS
    listed = 0
    for number in range(NODES - 2, NODES):
        one = (await http.get(f"/api/v1/clusters/pool/nodes/{_name(number)}")).json()
        assert len(one["slots"]) == (await nodes(http, q=_name(number)))["totals"]["slots"]["Claimed"]
        listed += len(one["slots"])
    assert listed == 2 * (SLOTS // NODES)
    jobs = (await http.get("/api/v1/jobs", params={"owner": "*", "limit": JOBS})).json()
    assert (len(jobs["jobs"]), jobs["total"]) == (JOBS, JOBS)


async def test_an_unknown_node_or_cluster_is_not_found(http: httpx2.AsyncClient) -> None:
    for path in ("pool/nodes/wn9999", "nowhere/nodes", "nowhere/totals"):
        assert (await http.get(f"/api/v1/clusters/{path}")).status_code == 404

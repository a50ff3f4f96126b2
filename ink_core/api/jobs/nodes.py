"""What a cluster consists of: its nodes in pages, filtered and in an order, one node with its slots, and sums.

Half a minute old; while the scheduler needs time for the next answer, up to some minutes, as `observed_at` tells.
Whoever asks, it is asked once in that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.jobs.listing import Reader
from ink_core.compute.node_index import NodeOrder, NodeQuery, Totals, list_nodes
from ink_core.compute.topology import NodeDetails, Partition, Schedd, Slot
from ink_core.offload import offload

router = Area(prefix="/api/v1/clusters", tags=["jobs"])
Text = Annotated[str, Query(max_length=200)]


class NodePage(BaseModel):
    """`total` and `totals` are of all nodes that the filters leave; `next_offset` is null on the last page."""

    cluster: str
    observed_at: datetime
    nodes: Sequence[NodeDetails]
    total: int
    totals: Totals
    next_offset: int | None


class SlotRow(BaseModel):
    name: str
    state: str
    activity: str
    cpus: int
    memory_mb: int

    @classmethod
    def of(cls, slot: Slot) -> Self:
        name, _, state, activity, cpus, memory_mb = slot
        return cls(name=name, state=state, activity=activity, cpus=cpus, memory_mb=memory_mb)


class NodeWithSlots(BaseModel):
    """`slots` are HTCondor's only."""

    cluster: str
    observed_at: datetime
    node: NodeDetails
    slots: Sequence[SlotRow]


class ClusterTotals(BaseModel):
    cluster: str
    observed_at: datetime
    totals: Totals
    schedds: Sequence[Schedd]
    partitions: Sequence[Partition]


@router.get("/{cluster}/nodes")
async def list_cluster_nodes(
    principal: Reader,
    core: CoreParts,
    cluster: str,
    q: Text = "",
    state: Annotated[list[str] | None, Query(max_length=50)] = None,
    partition: Annotated[str | None, Query(max_length=200)] = None,
    out_of_service: bool | None = None,
    order: NodeOrder = NodeOrder.NAME,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> NodePage:
    """Of all that the filters leave, from `offset` on: by name upwards, by anything else downwards."""
    index = await core.queues.nodes(cluster)
    query = NodeQuery(
        text=q,
        states=frozenset(state or ()),
        partition=partition,
        out_of_service=out_of_service,
        order=order,
        offset=offset,
        limit=limit,
    )
    listed = await offload(lambda: list_nodes(index, query), len(index.by_name))
    end = offset + len(listed.nodes)
    return NodePage(
        cluster=cluster,
        observed_at=index.topology.observed_at,
        nodes=listed.nodes,
        total=listed.total,
        totals=listed.totals,
        next_offset=end if listed.nodes and end < listed.total else None,
    )


@router.get("/{cluster}/nodes/{node}")
async def get_cluster_node(principal: Reader, core: CoreParts, cluster: str, node: str) -> NodeWithSlots:
    """One node with its slots."""
    index = await core.queues.nodes(cluster)
    found = index.node(node)
    return NodeWithSlots(
        cluster=cluster,
        observed_at=index.topology.observed_at,
        node=found,
        slots=[SlotRow.of(slot) for slot in index.slots.get(found.name, ())],
    )


@router.get("/{cluster}/totals")
async def get_cluster_totals(principal: Reader, core: CoreParts, cluster: str) -> ClusterTotals:
    """Sums over all nodes and slots, with the schedds and partitions."""
    index = await core.queues.nodes(cluster)
    seen = index.topology
    return ClusterTotals(
        cluster=cluster,
        observed_at=seen.observed_at,
        totals=await offload(lambda: index.all_totals, len(index.by_name)),
        schedds=seen.schedds,
        partitions=seen.partitions,
    )

"""What a Slurm cluster consists of, from slurmrestd's nodes and partitions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ink_core.compute.slurm.interface import Slurm
from ink_core.compute.slurm.nodes import node_of, out_of_service
from ink_core.compute.slurm.records import Record, number
from ink_core.compute.topology import NodeDetails, Partition, Topology

_LOAD_SCALE = 100
"""slurmrestd tells the load average in hundredths."""


def topology(cluster: str, slurm: Slurm) -> Topology:
    return Topology(
        cluster=cluster,
        observed_at=datetime.now(UTC),
        nodes=tuple(_node(record) for record in slurm.nodes()),
        partitions=tuple(_partition(record) for record in slurm.partitions()),
    )


def _node(record: Record) -> NodeDetails:
    load = number(record.get("cpu_load"))
    return NodeDetails(
        **node_of(record).model_dump(),
        out_of_service=out_of_service(record),
        reason=record.get("reason") or None,
        load=None if load is None else load / _LOAD_SCALE,
        memory_free_mb=number(record.get("free_mem")),
        gpus=_gpus(str(record.get("gres") or "")),
        partitions=tuple(record.get("partitions") or ()),
    )


def _gpus(gres: str) -> int | None:
    """Of `gpu:a100:4(S:0-1),shard:8`."""
    counts = [one.partition("(")[0].rpartition(":")[2] for one in gres.split(",") if one.startswith("gpu")]
    return sum(int(count) for count in counts if count.isdigit()) or None


def _partition(record: Record) -> Partition:
    nodes, cpus = _part(record, "nodes"), _part(record, "cpus")
    minutes = number(_part(record, "maximums").get("time"))
    return Partition(
        name=str(record["name"]),
        state="+".join(_part(record, "partition").get("state") or ["?"]),
        nodes=int(nodes.get("total") or 0),
        cpus=int(cpus.get("total") or 0),
        longest_s=None if minutes is None else minutes * 60,
        allowed_groups=_names(_part(record, "groups").get("allowed")),
        allowed_accounts=_names(_part(record, "accounts").get("allowed")),
    )


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name for name in (text or "").split(",") if name and name != "ALL")


def _part(record: Record, name: str) -> dict[str, Any]:
    return record.get(name) or {}

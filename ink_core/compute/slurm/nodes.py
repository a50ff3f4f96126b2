"""Node records of slurmrestd v0.0.42 become `Node`s."""

from __future__ import annotations

from ink_core.compute.model import Node
from ink_core.compute.slurm.records import Record, number

_OUT_OF_SERVICE = frozenset({"DOWN", "DRAIN", "DRAINED", "DRAINING", "FAIL", "NOT_RESPONDING", "ERROR"})


def node_of(record: Record) -> Node:
    return Node(
        name=str(record["name"]),
        state="+".join(record["state"]),
        cpus=number(record["cpus"]) or 0,
        cpus_used=number(record["alloc_cpus"]) or 0,
        memory_mb=number(record["real_memory"]) or 0,
    )


def out_of_service(record: Record) -> bool:
    return bool(_OUT_OF_SERVICE & set(record["state"]))


def problem_of(record: Record) -> str:
    reason = record.get("reason") or "no reason given"
    return f"{record['name']} is {'+'.join(record['state'])}: {reason}"

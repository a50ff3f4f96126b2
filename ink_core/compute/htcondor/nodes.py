"""State of the execute nodes, from the startds' ads in the collector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ink_core.compute.htcondor.ads import text, whole
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.model import ClusterHealth, Node

_PROJECTION = ("Machine", "SlotType", "State", "Activity", "Cpus", "TotalSlotCpus", "TotalSlotMemory", "Start")


def health(pool: Pool) -> ClusterHealth:
    """One node per machine; dynamic slots are counted through the slot they were carved from."""
    slots: dict[str, list[Any]] = defaultdict(list)
    for ad in pool.machines('SlotType =!= "Dynamic"', _PROJECTION):
        slots[text(ad, "Machine") or "?"].append(ad)
    nodes = tuple(node_of(machine, ads) for machine, ads in sorted(slots.items()))
    problems = () if nodes else ("no execute node reports to the collector",)
    drained = tuple(f"{node.name} is {node.state}" for node in nodes if node.state in ("Owner", "Drained"))
    return ClusterHealth(
        cluster=pool.options.name, observed_at=datetime.now(UTC), nodes=nodes, problems=problems + drained
    )


def node_of(machine: str, ads: Sequence[Any]) -> Node:
    """From the ads of its slots, without those that were carved from another one."""
    total = sum(whole(ad, "TotalSlotCpus") or 0 for ad in ads)
    used = sum(_used_cpus(ad) for ad in ads)
    states = {text(ad, "State") or "?" for ad in ads}
    state = "Claimed" if used else states.pop() if len(states) == 1 else "mixed"
    memory_mb = sum(whole(ad, "TotalSlotMemory") or 0 for ad in ads)
    return Node(name=machine, state=state, cpus=total, cpus_used=used, memory_mb=memory_mb)


def _used_cpus(ad: Any) -> int:
    """Of a partitionable slot, what is no longer in it; of a static one, all or nothing."""
    total = whole(ad, "TotalSlotCpus") or 0
    if text(ad, "SlotType") == "Partitionable":
        return total - (whole(ad, "Cpus") or 0)
    return total if text(ad, "State") == "Claimed" else 0

"""What a pool consists of, from the ads of its startds and schedds in the collector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ink_core.compute.htcondor.ads import number, text, whole
from ink_core.compute.htcondor.nodes import node_of
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.topology import NodeDetails, Schedd, Slot, Topology

_SLOTS = (
    "Name", "Machine", "SlotType", "State", "Activity", "Cpus", "Memory", "TotalSlotCpus", "TotalSlotMemory",
    "TotalLoadAvg", "TotalGPUs", "DrainReason",
)  # fmt: skip
_SCHEDDS = ("Name", "Machine", "TotalRunningJobs", "TotalIdleJobs", "TotalHeldJobs")
OUT_OF_SERVICE = frozenset({"Owner", "Drained", "Delete"})


def topology(pool: Pool) -> Topology:
    machines: dict[str, list[Any]] = defaultdict(list)
    slots: list[Slot] = []
    for ad in pool.machines("true", _SLOTS):
        machines[text(ad, "Machine") or "?"].append(ad)
        slots.append(_slot(ad))
    return Topology(
        cluster=pool.options.name,
        observed_at=datetime.now(UTC),
        nodes=tuple(_node(machine, ads) for machine, ads in sorted(machines.items())),
        slots=tuple(sorted(slots)),
        schedds=tuple(_schedd(ad) for ad in pool.schedds(_SCHEDDS)),
    )


def _slot(ad: Any) -> Slot:
    state, activity = text(ad, "State") or "?", text(ad, "Activity") or "?"
    cpus, memory_mb = whole(ad, "Cpus") or 0, whole(ad, "Memory") or 0
    return Slot(text(ad, "Name") or "?", text(ad, "Machine") or "?", state, activity, cpus, memory_mb)


def _node(machine: str, ads: Sequence[Any]) -> NodeDetails:
    """Dynamic slots are counted through the slot that they were carved from: it says too whether new jobs are taken."""
    own = [ad for ad in ads if text(ad, "SlotType") != "Dynamic"]
    node = node_of(machine, own)
    loads = [load for ad in ads if (load := number(ad, "TotalLoadAvg")) is not None]
    return NodeDetails(
        **node.model_dump(),
        out_of_service=bool(own) and all(text(ad, "State") in OUT_OF_SERVICE for ad in own),
        reason=next(filter(None, (text(ad, "DrainReason") for ad in ads)), None),
        load=round(max(loads), 1) if loads else None,
        gpus=max((whole(ad, "TotalGPUs") or 0 for ad in ads), default=0) or None,
    )


def _schedd(ad: Any) -> Schedd:
    return Schedd(
        name=text(ad, "Name") or "?",
        host=text(ad, "Machine"),
        running=whole(ad, "TotalRunningJobs") or 0,
        idle=whole(ad, "TotalIdleJobs") or 0,
        held=whole(ad, "TotalHeldJobs") or 0,
    )

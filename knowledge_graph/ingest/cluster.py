"""What a cluster consists of and how it is, as facts, told as they change.

A node or schedd that was there and reports no more is told as `absent` for `ABSENT_FOR`: that it is gone is what people
ask about. `health` is the same word for all schedulers; `state` is the scheduler's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from ink_core.compute.topology import NodeDetails, Partition, Schedd, Slot, Topology
from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import Fact, Layer, NodeKind, Origin, Relation, node_id
from knowledge_graph.ingest.saying import Told, attributes, edges
from knowledge_graph.ingest.telling import Telling, Update

LABEL = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)
LIVE_FOR = timedelta(hours=6)
ABSENT_FOR = timedelta(days=7)
MOST_NODES = 20_000
MOST_SLOTS = 200_000
MOST_QUEUES = 2_000
FREE_STEP_MB = 4096
"""Free memory is told in whole steps: a figure that never rests would be told at every look."""


class Health(StrEnum):
    """`AWAY` is a cluster that does not answer, `ABSENT` a part of it that was there and no longer reports."""

    UP = "up"
    OUT_OF_SERVICE = "out_of_service"
    ABSENT = "absent"
    AWAY = "away"


@dataclass(frozen=True)
class Absent:
    """`since` is when it was missed first."""

    name: str
    since: datetime


Present = TypeVar("Present", NodeDetails, Schedd)


def source_of(cluster: str) -> str:
    return f"nodes@{cluster}"


class ClusterIngester:
    """Of one cluster. `nodes` and `schedds` are those that were there before the start. Not for two threads at once."""

    def __init__(self, cluster: str, nodes: Collection[str] = (), schedds: Collection[str] = ()) -> None:
        self._cluster = cluster
        self._node_names, self._schedd_names = _Names(nodes), _Names(schedds)
        self._nodes = Telling(self._of_node, MOST_NODES)
        self._slots = Telling(self._of_slot, MOST_SLOTS)
        self._schedds = Telling(self._of_schedd, MOST_QUEUES)
        self._partitions = Telling(self._of_partition, MOST_QUEUES)
        self._whole = Telling(self._of_cluster, 1)

    def look(self, seen: Topology) -> Update:
        """What has changed since the last look."""
        now = seen.observed_at
        nodes = self._node_names.with_absent({node.name: node for node in seen.nodes}, now)
        schedds = self._schedd_names.with_absent({schedd.name: schedd for schedd in seen.schedds}, now)
        return Update.joined(
            [
                self._whole.look({self._cluster: _totals(seen.nodes)}, now),
                self._nodes.look(nodes, now),
                self._slots.look({slot.name: slot for slot in seen.slots}, now),
                self._schedds.look(schedds, now),
                self._partitions.look({partition.name: partition for partition in seen.partitions}, now),
            ]
        )

    def _of_node(self, node: NodeDetails | Absent, at: datetime) -> Iterator[Fact]:
        subject = node_id(NodeKind.NODE, node.name)
        yield from self._part_of_cluster(subject, at)
        if isinstance(node, Absent):
            yield from attributes(subject, self._now(at), _absence(node))
            return
        health = Health.OUT_OF_SERVICE if node.out_of_service else Health.UP
        parts = {"cpus": node.cpus, "memory_mb": node.memory_mb, "gpus": node.gpus}
        yield from attributes(subject, self._lasting(at), parts)
        yield from attributes(subject, self._now(at), {"health": health, **_state(node)})
        partitions = ((Relation.MEMBER_OF, NodeKind.PARTITION, f"{self._cluster}/{one}") for one in node.partitions)
        yield from edges(subject, self._lasting(at), partitions)

    def _of_slot(self, slot: Slot, at: datetime) -> Iterator[Fact]:
        subject = node_id(NodeKind.SLOT, slot.name)
        yield from edges(subject, self._lasting(at), [(Relation.PART_OF, NodeKind.NODE, slot.node)])
        yield from attributes(subject, self._lasting(at), {"cpus": slot.cpus, "memory_mb": slot.memory_mb})
        yield from attributes(subject, self._now(at), {"state": slot.state, "activity": slot.activity})

    def _of_schedd(self, schedd: Schedd | Absent, at: datetime) -> Iterator[Fact]:
        subject = node_id(NodeKind.SCHEDD, schedd.name)
        yield from self._part_of_cluster(subject, at)
        if isinstance(schedd, Absent):
            yield from attributes(subject, self._now(at), _absence(schedd))
            return
        jobs = {"jobs_running": schedd.running, "jobs_idle": schedd.idle, "jobs_held": schedd.held}
        yield from attributes(subject, self._now(at), {"health": Health.UP, "host": schedd.host, **jobs})

    def _of_partition(self, partition: Partition, at: datetime) -> Iterator[Fact]:
        subject = node_id(NodeKind.PARTITION, f"{self._cluster}/{partition.name}")
        yield from self._part_of_cluster(subject, at)
        yield from attributes(subject, self._now(at), {"state": partition.state})
        size: dict[str, Told] = {"nodes": partition.nodes, "cpus": partition.cpus, "longest_s": partition.longest_s}
        for_whom = {
            "allowed_groups": " ".join(partition.allowed_groups),
            "allowed_accounts": " ".join(partition.allowed_accounts),
        }
        yield from attributes(subject, self._lasting(at), {**size, **for_whom})

    def _of_cluster(self, totals: Mapping[str, int], at: datetime) -> Iterator[Fact]:
        yield from attributes(node_id(NodeKind.CLUSTER, self._cluster), self._now(at), totals)

    def _part_of_cluster(self, subject: str, at: datetime) -> Iterator[Fact]:
        yield from edges(subject, self._lasting(at), [(Relation.PART_OF, NodeKind.CLUSTER, self._cluster)])

    def _lasting(self, at: datetime) -> Origin:
        return Origin(source_of(self._cluster), Layer.TOPOLOGY, at, label=LABEL)

    def _now(self, at: datetime) -> Origin:
        return Origin(source_of(self._cluster), Layer.RUNTIME, at, expires_at=at + LIVE_FOR, label=LABEL)


class _Names:
    """Who was there, and since when those are missed that no longer are."""

    def __init__(self, names: Collection[str]) -> None:
        self._known = set(names)
        self._missed: dict[str, datetime] = {}

    def with_absent(self, present: Mapping[str, Present], now: datetime) -> Mapping[str, Present | Absent]:
        for name in self._known - present.keys():
            self._missed.setdefault(name, now)
        self._missed = {
            name: since for name, since in self._missed.items() if name not in present and since > now - ABSENT_FOR
        }
        self._known = {*present, *self._missed}
        return {**present, **{name: Absent(name, since) for name, since in self._missed.items()}}


def _absence(absent: Absent) -> Mapping[str, Told]:
    reason = f"reported until shortly before {absent.since.isoformat(timespec='seconds')} and no longer does"
    return {"health": Health.ABSENT, "reason": reason}


def _state(node: NodeDetails) -> Mapping[str, Told]:
    free_mb = node.memory_free_mb
    return {
        "state": node.state,
        "reason": node.reason,
        "cpus_used": node.cpus_used,
        "load": None if node.load is None else round(node.load),
        "memory_free_mb": None if free_mb is None else free_mb // FREE_STEP_MB * FREE_STEP_MB,
    }


def _totals(nodes: Collection[NodeDetails]) -> Mapping[str, int]:
    return {
        "nodes": len(nodes),
        "nodes_out_of_service": sum(node.out_of_service for node in nodes),
        "cpus": sum(node.cpus for node in nodes),
        "cpus_used": sum(node.cpus_used for node in nodes),
    }


def facts_of_answer(
    cluster: str, scheduler: str, problem: str | None, seen_at: datetime | None, now: datetime
) -> list[Fact]:
    """Whether a cluster answers, from the status of its mirror; `seen_at` is of when the view of its queue is then."""
    subject = node_id(NodeKind.CLUSTER, cluster)
    lasting = Origin(f"mirror@{cluster}", Layer.TOPOLOGY, now, label=LABEL)
    current = Origin(f"mirror@{cluster}", Layer.RUNTIME, now, expires_at=now + LIVE_FOR, label=LABEL)
    told: dict[str, Told] = {
        "health": Health.AWAY if problem else Health.UP,
        "reason": problem,
        "queue_seen_at": seen_at,
    }
    return [*attributes(subject, lasting, {"type": scheduler}), *attributes(subject, current, told)]

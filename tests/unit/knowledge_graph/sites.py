"""A small site that several tests ask about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.clearance import Clearance
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeId, Origin, Relation, Scalar
from knowledge_graph.model import GlobalModel
from knowledge_graph.retrieval.finding import Retrieval

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ADMIN = Clearance(frozenset({"admins"}))
ALICE = Clearance(frozenset({"user:alice", "group:atlas"}))
BOB = Clearance(frozenset({"user:bob"}))

COLLECTOR = Origin("collector@pool", Layer.TOPOLOGY, NOW - timedelta(seconds=30))
MONITOR = Origin("monitor", Layer.RUNTIME, NOW - timedelta(minutes=2))
DOCUMENTS = Origin("docs", Layer.SEMANTICS, NOW - timedelta(days=3))
SECRET = Origin(
    "embargo",
    Layer.SEMANTICS,
    NOW,
    label=Label(Confidentiality.EXPERIMENT, Integrity.UNTRUSTED),
    readers=frozenset({"admins"}),
)


def jobs_of(user: str) -> Origin:
    return Origin(
        "schedd@pool", Layer.RUNTIME, NOW - timedelta(seconds=12), readers=frozenset({f"user:{user}", "admins"})
    )


def said(node: NodeId, origin: Origin, **attributes: Scalar) -> Iterable[Fact]:
    return [Attribute(node, name, value, origin) for name, value in attributes.items()]


def edge(node: NodeId, relation: Relation, target: NodeId, origin: Origin) -> Fact:
    return Edge(node, relation, target, origin)


def site() -> list[Fact]:
    alice, bob = jobs_of("alice"), jobs_of("bob")
    return [
        edge("schedd:sched01.example.org", Relation.PART_OF, "cluster:pool", COLLECTOR),
        edge("node:wn042.example.org", Relation.PART_OF, "cluster:pool", COLLECTOR),
        edge("node:wn042.example.org", Relation.MOUNTS, "filesystem:lustre", COLLECTOR),
        edge("slot:slot1@wn042.example.org", Relation.PART_OF, "node:wn042.example.org", COLLECTOR),
        edge("partition:farm/gpu", Relation.PART_OF, "cluster:farm", COLLECTOR),
        edge("user:alice", Relation.MEMBER_OF, "group:atlas", COLLECTOR),
        edge("user:bob", Relation.MEMBER_OF, "group:juno", COLLECTOR),
        *said("group:atlas", COLLECTOR, title="ATLAS", alias="高能物理组"),
        *said("filesystem:lustre", COLLECTOR, mount="/lustre/atlas"),
        *said("filesystem:lustre", MONITOR, state="degraded", used_fraction=0.97),
        *said("node:wn042.example.org", COLLECTOR, state="ok", cpus=64),
        *said("job:pool/12.0", alice, state="held", reason="Disk quota exceeded", memory_mb=2000, name="fit_mass"),
        edge("job:pool/12.0", Relation.OWNED_BY, "user:alice", alice),
        edge("job:pool/12.0", Relation.WRITES, "filesystem:lustre", alice),
        *said("job:pool/13.0", bob, state="running", name="unblinding_run"),
        edge("job:pool/13.0", Relation.OWNED_BY, "user:bob", bob),
        edge("job:pool/13.0", Relation.RUNS_ON, "slot:slot1@wn042.example.org", bob),
        edge("job:farm/67890_3", Relation.OWNED_BY, "user:alice", alice),
        *said("passage:docs/quota.md#1", DOCUMENTS, title="Quota", text="When the disk quota is exceeded, clean up."),
        *said("passage:docs/gpu.md#1", DOCUMENTS, title="GPU 队列", text="GPU 作业最长运行 48 小时。"),
    ]


def retrieval(facts: Iterable[Fact]) -> Retrieval:
    model = GlobalModel()
    model.change(facts)
    return Retrieval(model, NOW)

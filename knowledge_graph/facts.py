"""What the global model says: facts about nodes, each with where it is from. Values only.

A node is named by its kind and its name: `job:pool/12.0`, `node:wn042`, `user:alice`, `passage:docs/how-to/quota.md#3`.
A fact is an attribute of a node or an edge to another one. Two sources may say different things of the same attribute:
both are kept, and shown with their dates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ink_core.labels import LOWEST, Label

NodeId = str
"""`kind:name`; see `node_id`."""

Scalar = str | int | float | bool
"""What an attribute can be; durations in seconds, memory in MB, times as ISO 8601 in UTC, as in the job model."""


class Layer(StrEnum):
    """The four layers: what the site is made of, what happens in it now, what is known, and what was learned."""

    TOPOLOGY = "topology"
    RUNTIME = "runtime"
    SEMANTICS = "semantics"
    MEMORY = "memory"


class NodeKind(StrEnum):
    """All kinds of nodes, by the layer that a node of the kind belongs to."""

    SITE = "site"
    CLUSTER = "cluster"
    SCHEDD = "schedd"
    NODE = "node"
    SLOT = "slot"
    PARTITION = "partition"
    FILE_SYSTEM = "filesystem"
    LINK = "link"
    EXPERIMENT = "experiment"
    GROUP = "group"
    USER = "user"

    JOB = "job"
    ALERT = "alert"

    PASSAGE = "passage"
    SKILL = "skill"
    TOOL = "tool"
    RULE = "rule"
    ERROR = "error"

    INCIDENT = "incident"
    CORRECTION = "correction"
    DECISION = "decision"
    FINDING = "finding"
    RUNBOOK = "runbook"
    TASK = "task"


class Relation(StrEnum):
    """What an edge says, read from its subject to its target."""

    PART_OF = "part_of"
    MEMBER_OF = "member_of"
    CONNECTED_TO = "connected_to"
    MOUNTS = "mounts"
    OWNED_BY = "owned_by"
    CHARGED_TO = "charged_to"
    SUBMITTED_TO = "submitted_to"
    RUNS_ON = "runs_on"
    READS = "reads"
    WRITES = "writes"
    MAPS_TO = "maps_to"
    APPLIES_TO = "applies_to"
    ABOUT = "about"
    AFFECTS = "affects"
    CAUSED_BY = "caused_by"
    EVIDENCE_FOR = "evidence_for"
    CORRECTS = "corrects"
    USES = "uses"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where facts are from and who may see them; one value is shared by all facts of an observation.

    `source` names the ingester and what it asked, `collector@pool`, or the human, `human:alice`. `confidence` is from
    0 to 1. A fact that has expired is no longer told. `readers` are names as in `Clearance`; empty for everybody.
    """

    source: str
    layer: Layer
    observed_at: datetime
    confidence: float = 1.0
    expires_at: datetime | None = None
    label: Label = LOWEST
    readers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Attribute:
    subject: NodeId
    name: str
    value: Scalar
    origin: Origin

    @property
    def id(self) -> str:
        """Stable over restarts: the next observation of the same source replaces the fact."""
        return f"{self.subject}.{self.name}@{self.origin.source}"


@dataclass(frozen=True, slots=True)
class Edge:
    subject: NodeId
    relation: Relation
    target: NodeId
    origin: Origin

    @property
    def id(self) -> str:
        return f"{self.subject} {self.relation.value} {self.target}@{self.origin.source}"


Fact = Attribute | Edge
ADMINS = "admins"
"""Among `Origin.readers`: whoever administers the site."""

_RELATIONS = "|".join(relation.value for relation in Relation)
_FACT_ID = re.compile(rf"(?P<subject>[a-z]+:.+?)(\.[a-z][a-z0-9_]*| ({_RELATIONS}) (?P<target>.+?))@")


def node_id(kind: NodeKind, name: str) -> NodeId:
    return f"{kind.value}:{name}"


_KINDS = {kind.value: kind for kind in NodeKind}


def kind_of(node: NodeId) -> NodeKind:
    """Raises `ValueError` for a text that is no node id."""
    kind = _KINDS.get(node.partition(":")[0])
    if kind is None:
        raise ValueError(f"no node id: {node[:64]!r}")
    return kind


def prefixes(*kinds: NodeKind) -> tuple[str, ...]:
    """What the ids of nodes of these kinds begin with."""
    return tuple(f"{kind.value}:" for kind in kinds)


def subject_of(fact_id: str) -> NodeId:
    """The node that a fact with this id is about; '' for a text that is no fact id."""
    found = _FACT_ID.match(fact_id)
    return found["subject"] if found else ""


def nodes_in(fact_id: str) -> Sequence[NodeId]:
    """The subject, and of an edge the target, up to an `@` in its name."""
    found = _FACT_ID.match(fact_id)
    return [node for node in (found["subject"], found["target"]) if node] if found else ()


def name_of(node: NodeId) -> str:
    return node.partition(":")[2]

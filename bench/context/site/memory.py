"""What was learned at a synthetic site: incidents that are over, corrections, and findings of users' own sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bench.context.site.people import People, User
from bench.context.site.size import Size
from bench.context.site.sources import INCIDENTS, PERSONAL, Sources
from bench.context.site.topology import FileSystem, Topology
from bench.context.site.written import CORRECTIONS, PAST_INCIDENTS
from knowledge_graph.facts import Layer, NodeId, NodeKind, Relation, node_id

CORRECTED = "corrections"
FINDINGS = "findings"


@dataclass(frozen=True)
class PastIncident:
    number: str
    file_system: FileSystem
    symptom: str
    cause: str
    helped: str

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.INCIDENT, self.number)


@dataclass(frozen=True)
class Correction:
    number: int
    file_system: FileSystem
    text: str

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.CORRECTION, f"c{self.number}")


@dataclass(frozen=True)
class Finding:
    """Of a user's own session: nobody else's to read."""

    number: int
    user: User
    text: str

    @property
    def node(self) -> NodeId:
        return node_id(NodeKind.FINDING, f"f{self.number}")


@dataclass(frozen=True)
class Memory:
    incidents: tuple[PastIncident, ...]
    corrections: tuple[Correction, ...]
    findings: tuple[Finding, ...]


def memory(size: Size, site: Topology, everybody: People, chance: Random) -> Memory:
    return Memory(
        tuple(_incidents(size, site, chance)),
        tuple(
            Correction(number, one, CORRECTIONS[number % len(CORRECTIONS)].format(name=one.name))
            for number, one in enumerate(site.file_systems)
        ),
        tuple(
            Finding(
                number,
                user,
                f"The fit of {user.name} converges with tolerance 1e-{number % 9 + 2} on seed {number * 7919}.",
            )
            for number, user in enumerate(everybody.users)
        ),
    )


def say_memory(known: Memory, say: Sources) -> None:
    closed = say.origin(INCIDENTS, Layer.MEMORY, age=timedelta(days=120))
    corrected = say.origin(CORRECTED, Layer.MEMORY, age=timedelta(days=30), confidence=0.9)
    for incident in known.incidents:
        say.attributes(
            incident.node, closed, title=incident.symptom, state="closed", cause=incident.cause, helped=incident.helped
        )
        say.edge(incident.node, Relation.AFFECTS, incident.file_system.node, closed)
    for correction in known.corrections:
        say.attributes(correction.node, corrected, text=correction.text)
        say.edge(correction.node, Relation.ABOUT, correction.file_system.node, corrected)
    for finding in known.findings:
        own = say.origin(
            FINDINGS, Layer.MEMORY, age=timedelta(days=5), readers=(finding.user.node,), label=PERSONAL, confidence=0.8
        )
        say.attributes(finding.node, own, text=finding.text)
        say.edge(finding.node, Relation.OWNED_BY, finding.user.node, own)


def _incidents(size: Size, site: Topology, chance: Random) -> Iterator[PastIncident]:
    """No two alike of one file system."""
    cases = [(one, case) for one in site.file_systems for case in PAST_INCIDENTS]
    chance.shuffle(cases)
    for number, (one, case) in enumerate(cases[: size.past_incidents]):
        values = {"name": one.name, "number": number % 40 + 2}
        yield PastIncident(
            f"2025-{number:03}", one, *(case[part].format(**values) for part in ("symptom", "cause", "helped"))
        )

"""A stream of facts about a large site, with names of ordinary length. Made one by one, so that they cost no memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from knowledge_graph.changes import Observation
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, Origin, Relation, Scalar

NOW = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
STATES = ("QUEUEING", "RUNNING", "HOLDING")


@dataclass(frozen=True)
class Size:
    """`abouts` are edges from each passage to what it is about."""

    nodes: int = 1_200
    slots: int = 64_000
    jobs: int = 10_000
    passages: int = 24_700
    abouts: int = 15


PROMISED = Size()
"""With its users, groups and file systems 100,000 nodes, and more than 500,000 edges."""
COLLECTOR = Origin("nodes@pool", Layer.TOPOLOGY, NOW)
QUEUE = Origin("queue@pool", Layer.RUNTIME, NOW)
DOCUMENTS = Origin("documents@library", Layer.SEMANTICS, NOW)


def facts(size: Size = PROMISED) -> Iterator[Fact]:
    yield from _machines(size, COLLECTOR)
    yield from _jobs(size, Random(1))
    yield from _passages(size, Random(2))


def machines(size: Size, observed_at: datetime) -> Observation:
    """All nodes and slots, said at that time and otherwise unchanged."""
    origin = Origin(COLLECTOR.source, COLLECTOR.layer, observed_at)
    return Observation(origin.source, tuple(_machines(size, origin)))


def updates(size: Size, number: int, turn: int = 0) -> Sequence[Fact]:
    """So many changed states of jobs; each turn changes them again."""
    chance = Random(turn)
    return [
        Attribute(job(chance.randrange(size.jobs)), "state", f"{chance.choice(STATES)} {turn}.{one}", QUEUE)
        for one in range(number)
    ]


def job(number: int) -> str:
    return f"job:pool/{100_000 + number // 20}.{number % 20}"


def _machines(size: Size, origin: Origin) -> Iterator[Fact]:
    for number in range(size.nodes):
        node = _node(number)
        yield Edge(node, Relation.PART_OF, "cluster:pool", origin)
        yield from _attributes(node, origin, state="up", cores=64, memory_mb=256_000, load=number % 64)
        for file_system in range(3):
            yield Edge(node, Relation.MOUNTS, f"filesystem:/fs{file_system}", origin)
    for number in range(size.slots):
        yield Edge(_slot(size, number), Relation.PART_OF, _node(number % size.nodes), origin)
        yield from _attributes(_slot(size, number), origin, state="Claimed")


def _jobs(size: Size, chance: Random) -> Iterator[Fact]:
    for number in range(size.jobs):
        owner = number % 150
        yield from _attributes(job(number), QUEUE, state=chance.choice(STATES), name=f"fit-{number % 50}", cpus=1)
        yield Edge(job(number), Relation.OWNED_BY, f"user:user{owner:03}", QUEUE)
        yield Edge(job(number), Relation.CHARGED_TO, f"group:group{owner % 40:02}", QUEUE)
        yield Edge(job(number), Relation.SUBMITTED_TO, "cluster:pool", QUEUE)
        yield Edge(job(number), Relation.RUNS_ON, _slot(size, chance.randrange(size.slots)), QUEUE)
        yield Edge(job(number), Relation.READS, f"filesystem:/fs{chance.randrange(3)}", QUEUE)


def _passages(size: Size, chance: Random) -> Iterator[Fact]:
    for number in range(size.passages):
        passage = f"passage:docs/how-to/topic-{number // 40}.md#{number % 40}"
        yield from _attributes(passage, DOCUMENTS, title=f"Topic {number // 40} › Section {number % 40}")
        for about in chance.sample(range(size.jobs), size.abouts):
            yield Edge(passage, Relation.ABOUT, job(about), DOCUMENTS)
        yield Edge(passage, Relation.ABOUT, _slot(size, chance.randrange(size.slots)), DOCUMENTS)


def _attributes(subject: str, origin: Origin, **values: Scalar) -> Iterator[Fact]:
    return (Attribute(subject, name, value, origin) for name, value in values.items())


def _node(number: int) -> str:
    return f"node:wn{number:04}.site.cn"


def _slot(size: Size, number: int) -> str:
    return f"slot:slot1_{number // size.nodes}@wn{number % size.nodes:04}.site.cn"

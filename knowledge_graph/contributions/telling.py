"""What the global model is told of a contribution: its facts, who may read them and how far they are trusted. Pure.

What was accepted is told to everybody and trusted. Before that its circle and the members of its task are told, and it
is trusted only where nobody but the reader wrote it with their own hands: a model may have copied what others wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ink_core.labels import Integrity, Label
from knowledge_graph.changes import Observation
from knowledge_graph.contributions.contribution import (
    OF_SESSIONS,
    Content,
    Contribution,
    ContributionKind,
    Standing,
    Version,
)
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeId, NodeKind, Origin, Relation, node_id
from knowledge_graph.markdown import PIECE_CHARACTERS, passages_of
from knowledge_graph.memory.decay import confidence

NODES = {
    ContributionKind.FACT: NodeKind.FINDING,
    ContributionKind.RUNBOOK: NodeKind.RUNBOOK,
    ContributionKind.SKILL: NodeKind.SKILL,
    ContributionKind.CORRECTION: NodeKind.CORRECTION,
    ContributionKind.FINDING: NodeKind.FINDING,
    ContributionKind.DECISION: NodeKind.DECISION,
}
"""A document is its passages; all others have a node of their own."""
_TOLD_BEFORE_REVIEW = frozenset({Standing.PRIVATE, Standing.PENDING})


def observations(contribution: Contribution, confirmed: datetime | None, now: datetime) -> Sequence[Observation]:
    """One for each author: what is not said any more is unsaid by it. `confirmed`: when use last proved it right."""
    told = told_version(contribution)
    facts = tuple(_facts(contribution, told, confirmed, now)) if told else ()
    by_author = {source_of(contribution, version.author): tuple[Fact, ...]() for version in contribution.versions}
    if told:
        by_author[source_of(contribution, told.author)] = facts
    return [Observation(source, said) for source, said in by_author.items()]


def told_version(contribution: Contribution) -> Version | None:
    """The accepted one, or else the latest for its circle; a refused memory of a session stays with its members."""
    if in_force := contribution.in_force:
        return in_force
    latest = contribution.latest
    kept = contribution.kind in OF_SESSIONS and latest.standing is Standing.REJECTED
    return latest if kept or latest.standing in _TOLD_BEFORE_REVIEW else None


def source_of(contribution: Contribution, author: str) -> str:
    return f"human:{author}/{contribution.id}"


def node_of(contribution: Contribution) -> NodeId:
    """Of a document the first passage."""
    kind = NODES.get(contribution.kind)
    return node_id(kind, contribution.id) if kind else _passage(contribution, 0)


def _facts(contribution: Contribution, version: Version, confirmed: datetime | None, now: datetime) -> Iterator[Fact]:
    origin = _origin(contribution, version, confirmed, now)
    content, node = version.content, node_of(contribution)
    if contribution.kind is ContributionKind.DOCUMENT:
        yield from _passages(contribution, content, None, origin)
    else:
        yield Attribute(node, "title", content.title, origin)
        yield Attribute(node, "author", version.author, origin)
        yield Attribute(node, "text", _text(contribution.kind, version), origin)
        if len(content.text) > PIECE_CHARACTERS:
            yield from _passages(contribution, content, node, origin)
    yield from _compared(version, origin)
    yield from _links(contribution, version, node, origin)


def _origin(contribution: Contribution, version: Version, confirmed: datetime | None, now: datetime) -> Origin:
    ages = contribution.kind in OF_SESSIONS
    accepted = version.standing is Standing.ACCEPTED
    own = version.by_hand and contribution.circle == frozenset({version.author}) and not contribution.task_id
    integrity = Integrity.TRUSTED if accepted or own else Integrity.UNTRUSTED
    readers = frozenset[str]() if accepted else frozenset(_told(contribution))
    return Origin(
        source_of(contribution, version.author),
        Layer.MEMORY if ages else Layer.SEMANTICS,
        version.at,
        confidence(max(filter(None, (version.at, confirmed))), now) if ages else 1.0,
        label=Label(contribution.confidentiality, integrity),
        readers=readers,
    )


def _told(contribution: Contribution) -> Iterator[str]:
    """Names of readers, as `Clearance` has them."""
    yield from (node_id(NodeKind.USER, name) for name in contribution.circle)
    if contribution.task_id:
        yield node_id(NodeKind.TASK, contribution.task_id)


def _text(kind: ContributionKind, version: Version) -> str:
    """One fact says it all, since facts are packed one by one."""
    text = version.content.text[:PIECE_CHARACTERS]
    return f"Wrong: {version.content.title}\nRight: {text}" if kind is ContributionKind.CORRECTION else text


def _passages(contribution: Contribution, content: Content, whole: NodeId | None, origin: Origin) -> Iterator[Fact]:
    for number, passage in enumerate(passages_of(content.title, content.text)):
        node = _passage(contribution, number)
        yield Attribute(node, "title", passage.title, origin)
        yield Attribute(node, "text", passage.text, origin)
        if whole:
            yield Edge(node, Relation.PART_OF, whole, origin)


def _passage(contribution: Contribution, number: int) -> NodeId:
    return node_id(NodeKind.PASSAGE, f"contributed/{contribution.id}#{number}")


def _compared(version: Version, origin: Origin) -> Iterator[Fact]:
    """A value of an attribute of what the fact is about, beside what others say of it."""
    content = version.content
    if content.attribute:
        yield Attribute(content.about[0], content.attribute, content.value, origin)


def _links(contribution: Contribution, version: Version, node: NodeId, origin: Origin) -> Iterator[Fact]:
    step = contribution.step if origin.readers else contribution.step and contribution.step.for_everybody
    entities = (*version.content.about, *(step.entities if step else ()))
    for entity in dict.fromkeys(entities):
        yield Edge(node, Relation.ABOUT, entity, origin)
    if contribution.task_id and origin.readers:
        yield Edge(node, Relation.PART_OF, node_id(NodeKind.TASK, contribution.task_id), origin)
    if step and step.tool:
        yield Edge(node, Relation.CORRECTS, node_id(NodeKind.TOOL, step.tool), origin)
    if step and step.error:
        yield Edge(node, Relation.ABOUT, node_id(NodeKind.ERROR, step.error), origin)
    if step and step.question:
        yield Attribute(node, "question", step.question[:PIECE_CHARACTERS], origin)
    if contribution.promotes:
        yield Edge(node, Relation.ABOUT, node_id(NodeKind.CORRECTION, contribution.promotes), origin)

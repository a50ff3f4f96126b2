"""How tests look at facts of the global model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge_graph.facts import Attribute, Edge, Fact, Relation, Scalar


def values(facts: Iterable[Fact], subject: str) -> Mapping[str, Scalar]:
    """Attributes of one node by name."""
    return {fact.name: fact.value for fact in facts if isinstance(fact, Attribute) and fact.subject == subject}


def links(facts: Iterable[Fact]) -> set[tuple[str, Relation, str]]:
    return {(fact.subject, fact.relation, fact.target) for fact in facts if isinstance(fact, Edge)}

"""The facts that the model holds now, with its indices kept true to them: who said them, who is next to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from knowledge_graph.facts import Fact, NodeId
from knowledge_graph.graph import FactGraph
from knowledge_graph.neighbourhoods import Neighbourhoods
from knowledge_graph.sources import Sources


class KeptFacts:
    """`version` rises with all that may change an answer."""

    def __init__(self) -> None:
        self.graph = FactGraph()
        self.sources = Sources()
        self.neighbourhoods = Neighbourhoods(self.graph)
        self.version = 0

    def put(self, fact: Fact) -> Fact | None:
        """The fact with the same id, whose place it takes."""
        before = self.graph.put(fact)
        if before is None:
            self.sources.came(fact)
            self.neighbourhoods.changed(fact)
        self.sources.expects(fact)
        self.version += 1
        return before

    def drop(self, fact: Fact) -> None:
        """The fact is held."""
        self.graph.drop(fact)
        self.sources.went(fact)
        self.neighbourhoods.changed(fact)
        self.version += 1

    def confirm(self, source: str, at: datetime) -> None:
        self.sources.confirm(source, at)
        self.version += 1

    def said_by(self, source: str, nodes: Iterable[NodeId]) -> Iterator[Fact]:
        return (fact for fact in self.facts(nodes) if fact.origin.source == source)

    def facts(self, nodes: Iterable[NodeId]) -> Iterator[Fact]:
        """Of those nodes that are still there."""
        return chain.from_iterable(self.graph.facts(node) for node in nodes if node in self.graph)

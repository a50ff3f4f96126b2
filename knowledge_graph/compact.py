"""The graph of the model in little memory: what networkx keeps in dictionaries per node and per edge, in slots.

networkx lets a subclass name the mappings that it keeps its data in. A plain `MultiDiGraph` takes two dictionaries of
about 200 bytes for each edge and one for each node; these take some forty bytes, and hold the facts themselves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, cast

import networkx

from knowledge_graph.facts import Attribute, Edge, NodeId

Key = tuple[str, str]
"""Of an attribute its name and source, of an edge its relation and source."""


class Attributes(MutableMapping[Key, Attribute]):
    """What is known of a node; networkx's data of a node. Sorted by key."""

    __slots__ = ("_facts",)

    def __init__(self) -> None:
        self._facts: list[Attribute] = []

    def put(self, fact: Attribute) -> Attribute | None:
        """The fact with the same key, whose place it takes."""
        place, here = self._find(_attribute_key(fact))
        if not here:
            self._facts.insert(place, fact)
            return None
        before, self._facts[place] = self._facts[place], fact
        return before

    def __getitem__(self, key: Key) -> Attribute:
        place, here = self._find(key)
        if not here:
            raise KeyError(key)
        return self._facts[place]

    def __setitem__(self, key: Key, value: Attribute) -> None:
        if key != _attribute_key(value):
            raise KeyError(key)
        self.put(value)

    def __delitem__(self, key: Key) -> None:
        place, here = self._find(key)
        if not here:
            raise KeyError(key)
        del self._facts[place]

    def __iter__(self) -> Iterator[Key]:
        return map(_attribute_key, self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def facts(self) -> list[Attribute]:
        return self._facts

    def _find(self, key: Key) -> tuple[int, bool]:
        place = bisect_left(self._facts, key, key=_attribute_key)
        return place, place < len(self._facts) and _attribute_key(self._facts[place]) == key


def _attribute_key(fact: Attribute) -> Key:
    return fact.name, fact.origin.source


class EdgeData(MutableMapping[str, Edge]):
    """networkx's data of one edge: `fact`, and nothing else. Made when asked for; only the fact is kept."""

    __slots__ = ("fact",)

    def __init__(self, fact: Edge | None = None) -> None:
        self.fact = fact

    def __getitem__(self, key: str) -> Edge:
        if key != "fact" or self.fact is None:
            raise KeyError(key)
        return self.fact

    def __setitem__(self, key: str, value: Edge) -> None:
        if key != "fact":
            raise KeyError(key)
        self.fact = value

    def update(self, other: Any = (), /, **given: Any) -> None:
        """What networkx calls for each new edge; the inherited one takes longer than all the rest."""
        for key, value in {**dict(other), **given}.items():
            self[key] = value

    def __delitem__(self, key: str) -> None:
        raise TypeError("an edge of the model has its fact; remove the edge instead")

    def __iter__(self) -> Iterator[str]:
        return iter(() if self.fact is None else ("fact",))

    def __len__(self) -> int:
        return int(self.fact is not None)


class Parallel(MutableMapping[Key, EdgeData]):
    """The edges from one node to another; networkx's dictionary of edge keys. Nearly always there is one."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: Edge | dict[Key, Edge] | None = None

    def fact(self, key: Key) -> Edge | None:
        held = self._held
        if isinstance(held, dict):
            return held.get(key)
        return held if held is not None and _edge_key(held) == key else None

    def put(self, fact: Edge) -> None:
        held, key = self._held, _edge_key(fact)
        if isinstance(held, dict):
            held[key] = fact
        elif held is None or _edge_key(held) == key:
            self._held = fact
        else:
            self._held = {_edge_key(held): held, key: fact}

    def facts(self) -> Collection[Edge]:
        if isinstance(self._held, dict):
            return self._held.values()
        return () if self._held is None else (self._held,)

    def __getitem__(self, key: Key) -> EdgeData:
        fact = self.fact(key)
        if fact is None:
            raise KeyError(key)
        return EdgeData(fact)

    def __setitem__(self, key: Key, value: EdgeData) -> None:
        fact = value["fact"]
        if key != _edge_key(fact):
            raise KeyError(key)
        self.put(fact)

    def __delitem__(self, key: Key) -> None:
        if isinstance(self._held, dict):
            del self._held[key]
        elif key in self:
            self._held = None
        else:
            raise KeyError(key)

    def __iter__(self) -> Iterator[Key]:
        return map(_edge_key, self.facts())

    def __len__(self) -> int:
        return len(self.facts())


def _edge_key(fact: Edge) -> Key:
    return fact.relation.value, fact.origin.source


if TYPE_CHECKING:
    MultiDiGraph = networkx.MultiDiGraph[NodeId, dict[str, Any], dict[str, Any]]
else:
    MultiDiGraph = networkx.MultiDiGraph


class CompactGraph(MultiDiGraph):
    """A `MultiDiGraph` over these mappings. Its type stubs know of mappings with text keys only.

    An edge is added whole, with its key and its fact. So networkx's methods that copy a graph into one of its class do
    not serve; `networkx.MultiDiGraph(graph)` makes a plain one.
    """

    node_attr_dict_factory = Attributes  # pyright: ignore[reportAssignmentType]
    edge_key_dict_factory = Parallel  # pyright: ignore[reportAssignmentType]
    edge_attr_dict_factory = EdgeData

    def attributes(self, node: NodeId) -> Attributes:
        """Of a node that is in the graph."""
        return cast(Attributes, self.nodes[node])

    def between(self, node: NodeId, target: NodeId) -> Parallel | None:
        """The edges from one to the other; None where there are none."""
        # Not `get_edge_data`, which raises inside where there are none: a walk asks this a thousand times.
        targets = self._targets().get(node)
        return targets.get(target) if targets else None

    def _targets(self) -> dict[NodeId, dict[NodeId, Parallel]]:
        return self._succ  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportAttributeAccessIssue]

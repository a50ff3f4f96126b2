"""What nodes are called: names, short host names, titles and aliases of nodes that people name in words.

Jobs and slots are not in it: they are many, and are named by their ids, which the model itself knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge_graph.facts import Attribute, Fact, NodeId, NodeKind, kind_of, name_of
from knowledge_graph.view import View

UNNAMED = frozenset((NodeKind.JOB, NodeKind.SLOT, NodeKind.ALERT, NodeKind.PASSAGE, NodeKind.CORRECTION, NodeKind.TASK))
HOSTS = frozenset((NodeKind.NODE, NodeKind.SCHEDD))
MAX_NAME = 80

_CALLED = frozenset(("name", "title", "alias", "aliases", "full_name", "mount", "mount_point", "path"))


class Names:
    """Candidates; what they are called now is read from the model."""

    def __init__(self) -> None:
        self._called: dict[str, dict[NodeId, None]] = {}
        self._known: dict[NodeId, set[str]] = {}

    def said(self, fact: Fact) -> None:
        self._add(fact.subject)
        if not isinstance(fact, Attribute):
            self._add(fact.target)
        elif fact.name in _CALLED and kind_of(fact.subject) not in UNNAMED:
            for name in _in_attribute(fact):
                self._call(name, fact.subject)

    def forget(self, node: NodeId) -> None:
        """The node is gone."""
        for name in self._known.pop(node, ()):
            nodes = self._called[name]
            del nodes[node]
            if not nodes:
                del self._called[name]

    def of(self, name: str, view: View) -> Sequence[NodeId]:
        """Nodes that the reader sees called so, in the order of their ids."""
        called = name.lower()
        return sorted(node for node in self._called.get(called, ()) if _is_called(node, called, view))

    def _add(self, node: NodeId) -> None:
        if node in self._known or kind_of(node) in UNNAMED:
            return
        self._known[node] = set()
        for name in _in_id(node):
            self._call(name, node)

    def _call(self, name: str, node: NodeId) -> None:
        if 1 < len(name) <= MAX_NAME:
            self._called.setdefault(name, {})[node] = None
            self._known[node].add(name)


def _is_called(node: NodeId, called: str, view: View) -> bool:
    if called in _in_id(node):
        return view.knows(node)
    attributes = (fact for fact in view.facts(node) if isinstance(fact, Attribute) and fact.name in _CALLED)
    return any(called in _in_attribute(fact) for fact in attributes)


def _in_id(node: NodeId) -> Iterator[str]:
    name = name_of(node).lower()
    yield name
    if kind_of(node) in HOSTS and "." in name:
        yield name.partition(".")[0]
    if "/" in name.strip("/"):
        yield name.rpartition("/")[2]


def _in_attribute(fact: Attribute) -> Iterator[str]:
    if isinstance(fact.value, str):
        names = fact.value.split(",") if fact.name == "aliases" else (fact.value,)
        yield from (name.strip().lower() for name in names)

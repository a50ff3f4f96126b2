"""What people said of like cases: memories that are tied to the same things as what the question is about. Pure.

The fewer memories are tied to a thing, the more it says that two cases have it in common: a group says more than the
cluster that all jobs are in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from knowledge_graph.facts import Edge, NodeId, NodeKind, prefixes
from knowledge_graph.view import View

MOST_LIKE = 6
MOST_TIES = 40

LEARNED = (NodeKind.CORRECTION, NodeKind.RUNBOOK, NodeKind.DECISION, NodeKind.FINDING)
"""Kinds of what people, or agents for them, said was learnt of a case."""
_LEARNED = prefixes(*LEARNED)


def like_cases(named: Iterable[NodeId], notable: Mapping[NodeId, float], view: View) -> Sequence[NodeId]:
    """The likest first."""
    learned = {node for node in notable if node.startswith(_LEARNED)}
    alike = defaultdict[NodeId, float](float)
    for tie in islice(dict.fromkeys(_ties(named, view)), MOST_TIES) if learned else ():
        tied = list(view.linked(tie, _among(learned, view.candidates(tie))))
        for memory in tied:
            alike[memory] += 1 / len(tied)
    return [node for node, _ in sorted(alike.items(), key=lambda one: (-one[1], one[0]))[:MOST_LIKE]]


def _ties(named: Iterable[NodeId], view: View) -> Iterator[NodeId]:
    """What is named, and what that says it is connected with."""
    for node in named:
        yield node
        yield from (fact.target for fact in view.facts(node) if isinstance(fact, Edge))


def _among(learned: set[NodeId], candidates: Collection[NodeId]) -> Sequence[NodeId]:
    return sorted(learned.intersection(candidates))

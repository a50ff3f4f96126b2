"""Several rankings made into one. Pure.

Reciprocal rank fusion: Cormack, Clarke, Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
learning methods", SIGIR 2009.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge_graph.facts import NodeId

RANK_OFFSET = 3
"""The paper's 60 is for lists of a thousand; ours have tens, whose heads matter."""


def fuse(rankings: Iterable[tuple[float, Sequence[NodeId]]]) -> dict[NodeId, float]:
    """Scores that add up to 1, of all nodes of the rankings, best first; each ranking counts by its weight."""
    scores: dict[NodeId, float] = {}
    for weight, ranking in rankings:
        for rank, node in enumerate(ranking):
            scores[node] = scores.get(node, 0.0) + weight / (RANK_OFFSET + rank)
    whole = sum(scores.values())
    best_first = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return {node: score / whole for node, score in best_first}

"""How much a fact alone says that something is not as it should be: from 0 to 1. Pure, and a table."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge_graph.facts import Attribute, Fact, NodeKind, kind_of

_WORDS = {
    **dict.fromkeys(
        ("down", "away", "critical", "full", "offline", "unreachable", "lost", "broken", "open", "failed"), 1.0
    ),
    **dict.fromkeys(("held", "holding", "degraded", "error", "drained", "unknown", "stuck", "slow", "high"), 0.8),
    **dict.fromkeys(("failed", "timeout", "out_of_memory"), 0.8),
    **dict.fromkeys(("draining", "warning", "suspended", "flapping", "blocked"), 0.5),
}
_JUDGING = frozenset(("state", "status", "health", "severity", "verdict"))
_COMPLAINTS = frozenset(("problem", "alarm"))
_NORMAL = frozenset("ok up running completed claimed unclaimed idle allocated mixed closed resolved".split())
_FULLNESS = frozenset(("used_fraction", "inodes_used_fraction"))
FULL_FROM = 0.9
# One held job or one lost slot is everyday.
_MANY = {NodeKind.JOB: 0.4, NodeKind.SLOT: 0.4}


def anomaly(fact: Fact) -> float:
    if not isinstance(fact, Attribute):
        return 0.0
    score = _alone(fact)
    return score * _MANY.get(kind_of(fact.subject), 1.0) if score else 0.0


def worst(facts: Iterable[Fact]) -> float:
    return max(map(anomaly, facts), default=0.0)


def _alone(fact: Attribute) -> float:
    value = fact.value
    if isinstance(value, str):
        if fact.name in _COMPLAINTS or kind_of(fact.subject) is NodeKind.ALERT:
            return 1.0 if value else 0.0
        return _WORDS.get(value.lower(), 0.0) if fact.name in _JUDGING else 0.0
    return 1.0 if fact.name in _FULLNESS and value >= FULL_FROM else 0.0


def is_normal(fact: Fact) -> bool:
    """Whether it says of something that it is as it should be, which is seldom worth telling unasked."""
    return isinstance(fact, Attribute) and fact.name in _JUDGING and str(fact.value).lower() in _NORMAL

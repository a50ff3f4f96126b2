"""Earlier incidents that were like this one, and whose cause somebody told. Pure and deterministic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge_graph.incidents.incident import Incident, IncidentState

MOST = 5
_WORD = re.compile(r"[^\W\d_]{3,}")


def like_cases(incident: Incident, others: Iterable[Incident]) -> Sequence[Incident]:
    """Best first: of the same kind, and better the more else is the same; of two equally like ones the newer."""
    closed = [one for one in others if one.state is IncidentState.CLOSED and one.closing and one.id != incident.id]
    like = [one for one in closed if one.sign.kind is incident.sign.kind]
    like.sort(key=lambda one: (-_likeness(incident, one), -one.opened_at.timestamp(), one.id))
    return like[:MOST]


def _likeness(one: Incident, other: Incident) -> float:
    """Subject, topic and cluster count one each, and the words that both have count up to one together."""
    same = sum(
        (
            one.sign.subject == other.sign.subject,
            one.sign.topic == other.sign.topic,
            one.sign.cluster == other.sign.cluster,
        )
    )
    words, others = _words(one), _words(other)
    return same + len(words & others) / max(len(words | others), 1)


def _words(incident: Incident) -> set[str]:
    return set(_WORD.findall(incident.sign.text.lower()))

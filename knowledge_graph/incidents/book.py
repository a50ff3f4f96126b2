"""All incidents, as a fold over their changes. Pure: the same changes give the same book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ink_core.errors import NotFound
from knowledge_graph.incidents.incident import MOST_EVIDENCE, MOST_STEPS, Change, Incident, IncidentState, Step, What

MOST_KEPT = 2_000
"""Incidents that are over and still at hand; the ledger has all of them."""


class IncidentNotFound(NotFound):
    """No incident has this id, or none that this user may see."""

    code = "incident_not_found"


class IncidentBook:
    def __init__(self) -> None:
        self._incidents: dict[str, Incident] = {}
        self._opened = 0

    def apply(self, change: Change) -> None:
        """A change of an incident that is no longer kept is passed over."""
        if change.what is What.OPENED:
            self._opened += 1
            self._incidents[change.incident_id] = _opened(change)
            self._drop_oldest()
        elif known := self._incidents.get(change.incident_id):
            self._incidents[known.id] = _APPLY[change.what](_with_step(known, change), change)
            if change.what is What.MERGED and (whole := self._incidents.get(change.into)):
                self._incidents[whole.id] = _taking(whole, known, change)

    def id_after(self, more: int) -> str:
        """Of the incident that is opened after so many more."""
        return f"inc-{self._opened + more + 1}"

    def get(self, incident_id: str) -> Incident:
        """Raises `IncidentNotFound`."""
        if incident_id not in self._incidents:
            raise IncidentNotFound(f"there is no incident {incident_id[:40]!r}")
        return self._incidents[incident_id]

    def all(self) -> Sequence[Incident]:
        """In the order in which they were opened."""
        return tuple(self._incidents.values())

    def open(self) -> Sequence[Incident]:
        return tuple(one for one in self._incidents.values() if one.state is IncidentState.OPEN)

    def _drop_oldest(self) -> None:
        over = [one.id for one in self._incidents.values() if one.state is not IncidentState.OPEN]
        for incident_id in over[: max(0, len(over) - MOST_KEPT)]:
            del self._incidents[incident_id]


def _opened(change: Change) -> Incident:
    assert change.sign is not None
    return Incident(
        id=change.incident_id,
        sign=change.sign,
        state=IncidentState.OPEN,
        opened_at=change.at,
        changed_at=change.at,
        evidence=_bounded(change.sign.evidence),
        owners=change.sign.owners,
        course=(Step(What.OPENED, change.at, change.sign.text),),
    )


def _with_step(known: Incident, change: Change) -> Incident:
    """The first step stays, of the others the latest."""
    step = Step(change.what, change.at, _said(change), change.by, change.call_id)
    course = (*known.course[:1], *(*known.course[1:], step)[-(MOST_STEPS - 1) :])
    return replace(known, changed_at=change.at, course=course)


def _said(change: Change) -> str:
    if change.closing is not None:
        return change.closing.cause
    if change.sign is not None:
        return change.sign.text
    return change.tool or change.into


def _linked(known: Incident, change: Change) -> Incident:
    assert change.sign is not None
    evidence = _bounded((*known.evidence, *change.sign.evidence))
    return replace(known, sign=change.sign, evidence=evidence, owners=known.owners | change.sign.owners)


def _reopened(known: Incident, change: Change) -> Incident:
    times = (*known.reopened, change.at)[-10:]
    return replace(_linked(known, change), state=IncidentState.OPEN, resolved_at=None, reopened=times)


def _resolved(known: Incident, change: Change) -> Incident:
    return replace(known, state=IncidentState.RESOLVED, resolved_at=change.at)


def _closed(known: Incident, change: Change) -> Incident:
    return replace(
        known,
        state=IncidentState.CLOSED,
        closed_at=change.at,
        closing=change.closing,
        closed_by=change.by,
        closed_while_open=known.state is IncidentState.OPEN,
    )


def _merged(known: Incident, change: Change) -> Incident:
    return replace(known, state=IncidentState.MERGED, merged_into=change.into)


def _taking(whole: Incident, part: Incident, change: Change) -> Incident:
    step = Step(What.MERGED, change.at, f"{part.id}: {part.sign.text}")
    return replace(
        whole,
        changed_at=change.at,
        merged=(*whole.merged, part.id)[-MOST_STEPS:],
        evidence=_bounded((*whole.evidence, *part.evidence)),
        owners=whole.owners | part.owners,
        course=(*whole.course[:1], *(*whole.course[1:], step)[-(MOST_STEPS - 1) :]),
    )


def _bounded(evidence: Iterable[str]) -> tuple[str, ...]:
    """What was seen first matters most."""
    return tuple(dict.fromkeys(evidence))[:MOST_EVIDENCE]


def _as_it_was(known: Incident, _: Change) -> Incident:
    return known


_APPLY: dict[What, Callable[[Incident, Change], Incident]] = {
    What.LINKED: _linked,
    What.MERGED: _merged,
    What.RESOLVED: _resolved,
    What.REOPENED: _reopened,
    What.ACTED: _as_it_was,
    What.CLOSED: _closed,
}

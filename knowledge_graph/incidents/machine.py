"""The incident machine: `handle(event)` gives changes. No clock, no I/O; a change counts once it was taken.

A sign must last before it is an incident, and stay away before the incident is resolved (`PATIENCE`). One that comes
back within `REOPEN_S` reopens its incident; one that comes and goes is then over after `FLAPPING_CALM_S` only, so that
it makes a few records an hour at most. What another sign explains is no incident of its own, or becomes a part of that
one's. An incident that somebody closed while its sign lasts is left closed until the sign was away.

Limits: at most `MOST_OPEN` are open; which signs wait, and since when, is not kept over a restart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ink_core.errors import Conflict
from knowledge_graph.incidents.book import IncidentBook
from knowledge_graph.incidents.incident import Change, Closing, Incident, IncidentState, What
from knowledge_graph.incidents.signs import PATIENCE, Key, Sign

REOPEN_S = 3600.0
LINK_S = 600.0
LINK_SHARE = 0.1
"""News of an incident waits for this share of its age: a week of it makes some fifty records."""
FLAPPING_TIMES = 3
FLAPPING_CALM_S = 3600.0
MOST_OPEN = 200


class IncidentOver(Conflict):
    """It was closed before, or is a part of another incident."""

    code = "incident_over"


@dataclass(frozen=True, slots=True)
class Looked:
    """All signs that there are now. Of the clusters in `blind` nothing is known now, so nothing there is over."""

    at: datetime
    signs: Sequence[Sign]
    blind: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody had a proposed action done, through the gate."""

    at: datetime
    incident_id: str
    by: str
    tool: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Closed:
    at: datetime
    incident_id: str
    by: str
    closing: Closing


Event = Looked | Acted | Closed


class IncidentMachine:
    def __init__(self) -> None:
        self.book = IncidentBook()
        self._seen_since: dict[Key, datetime] = {}
        self._away_since: dict[str, datetime] = {}
        self._left_closed: set[Key] = set()
        self.not_opened = 0
        """Signs of the latest look that had no room."""

    def handle(self, event: Event) -> Sequence[Change]:
        """Raises `IncidentNotFound` or `IncidentOver` for what is asked of an incident that cannot be."""
        if isinstance(event, Looked):
            return tuple(self._looked(event))
        if isinstance(event, Acted):
            self._not_over(event.incident_id)
            acted = Change(What.ACTED, event.incident_id, event.at, by=event.by, tool=event.tool, call_id=event.call_id)
            return (acted,)
        self._not_over(event.incident_id)
        return (Change(What.CLOSED, event.incident_id, event.at, by=event.by, closing=event.closing),)

    def take(self, change: Change) -> None:
        """It is so: the ledger has it."""
        self.book.apply(change)
        self._away_since.pop(change.incident_id, None)
        if change.sign is not None:
            self._seen_since.pop(change.sign.key, None)
        if change.what is What.CLOSED and (closed := self.book.get(change.incident_id)).closed_while_open:
            self._left_closed.add(closed.key)

    def _looked(self, look: Looked) -> Iterator[Change]:
        signs = {sign.key: sign for sign in look.signs}
        explained = {sign.key: whole for sign in signs.values() if (whole := _whole(sign, look.signs))}
        self._forget_all_but(signs, look)
        latest = {incident.key: incident for incident in self.book.all()}
        yield from self._seen(look, [sign for key, sign in signs.items() if key not in explained], latest)
        for incident in self.book.open():
            if whole := explained.get(incident.key) or _whole(incident.sign, look.signs):
                yield from self._merged(incident, latest.get(whole.key), look.at)
            elif incident.key not in signs and incident.sign.cluster not in look.blind:
                yield from self._away(incident, look.at)

    def _seen(self, look: Looked, signs: Sequence[Sign], latest: dict[Key, Incident]) -> Iterator[Change]:
        opened = self.not_opened = 0
        for sign in signs:
            known = latest.get(sign.key)
            if known is not None and known.state is IncidentState.OPEN:
                self._away_since.pop(known.id, None)
                yield from _linked(known, sign, look.at)
            elif sign.key in self._left_closed or not self._lasts(sign, look.at):
                continue
            elif known is not None and _comes_back(known, look.at):
                yield Change(What.REOPENED, known.id, look.at, sign)
            elif len(self.book.open()) + opened < MOST_OPEN:
                yield Change(What.OPENED, self.book.id_after(opened), look.at, sign)
                opened += 1
            else:
                self.not_opened += 1

    def _lasts(self, sign: Sign, now: datetime) -> bool:
        since = self._seen_since.setdefault(sign.key, now)
        return (now - since).total_seconds() >= PATIENCE[sign.kind].confirm_s

    def _away(self, incident: Incident, now: datetime) -> Iterator[Change]:
        since = self._away_since.setdefault(incident.id, now)
        if (now - since).total_seconds() >= calm_needed_s(incident, now):
            yield Change(What.RESOLVED, incident.id, now)

    def _merged(self, part: Incident, whole: Incident | None, now: datetime) -> Iterator[Change]:
        """Waits while the sign that explains it is not an incident yet."""
        self._away_since.pop(part.id, None)
        if whole is not None and whole.state is IncidentState.OPEN:
            yield Change(What.MERGED, part.id, now, into=whole.id)

    def _forget_all_but(self, signs: dict[Key, Sign], look: Looked) -> None:
        self._seen_since = {key: since for key, since in self._seen_since.items() if key in signs}
        if not look.blind:
            self._left_closed &= signs.keys()

    def _not_over(self, incident_id: str) -> None:
        incident = self.book.get(incident_id)
        if incident.state is IncidentState.CLOSED:
            raise IncidentOver(f"{incident.id} was closed by {incident.closed_by}")
        if incident.state is IncidentState.MERGED:
            raise IncidentOver(f"{incident.id} is a part of {incident.merged_into}")


def is_flapping(incident: Incident, now: datetime) -> bool:
    lately = [at for at in incident.reopened if (now - at).total_seconds() < FLAPPING_CALM_S]
    return len(lately) >= FLAPPING_TIMES


def calm_needed_s(incident: Incident, now: datetime) -> float:
    return FLAPPING_CALM_S if is_flapping(incident, now) else PATIENCE[incident.sign.kind].clear_s


def _whole(sign: Sign, signs: Sequence[Sign]) -> Sign | None:
    """The first sign that explains this one."""
    return next((other for other in signs if other.explains(sign)), None)


def _comes_back(known: Incident, now: datetime) -> bool:
    if known.state is not IncidentState.RESOLVED or known.resolved_at is None:
        return False
    return (now - known.resolved_at).total_seconds() < REOPEN_S


def _linked(known: Incident, sign: Sign, now: datetime) -> Iterator[Change]:
    """News at once where it has become worse, else every now and then."""
    if sign == known.sign:
        return
    worse = sign.severe and not known.sign.severe
    rest_s = max(LINK_S, LINK_SHARE * (now - known.opened_at).total_seconds())
    if worse or (now - known.changed_at).total_seconds() >= rest_s:
        yield Change(What.LINKED, known.id, now, sign)

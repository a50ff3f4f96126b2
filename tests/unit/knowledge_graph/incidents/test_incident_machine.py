"""A sign that lasts is an incident, which is over once it stays away; what comes and goes makes no flood of records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge_graph.incidents.book import IncidentNotFound
from knowledge_graph.incidents.incident import MOST_STEPS, Change, Closing, Incident, IncidentState, What
from knowledge_graph.incidents.machine import MOST_OPEN, Acted, Closed, Event, IncidentMachine, IncidentOver, Looked
from knowledge_graph.incidents.signs import PATIENCE, IncidentKind, Sign

START = datetime(2026, 1, 1, tzinfo=UTC)
PATIENT = PATIENCE[IncidentKind.NODE_DOWN]
DOWN = Sign(
    IncidentKind.NODE_DOWN, "node:wn1", "pool", "wn1 is down", "Node wn1 is down.", evidence=("node:wn1.state@c",)
)
WORDS = Closing("its power supply failed", "a new one", ("node:wn1",))


class Watch:
    """A machine whose changes are taken at once, and its time in seconds."""

    def __init__(self) -> None:
        self.machine = IncidentMachine()
        self.now = 0.0

    def handle(self, event: Event) -> Sequence[Change]:
        changes = self.machine.handle(event)
        for change in changes:
            self.machine.take(change)
        return changes

    def look(self, *signs: Sign, after: float = 0.0, blind: Sequence[str] = ()) -> list[What]:
        self.now += after
        return [change.what for change in self.handle(Looked(self.at, signs, frozenset(blind)))]

    def opened(self, *signs: Sign) -> Incident:
        self.look(*signs)
        self.look(*signs, after=max(PATIENCE[sign.kind].confirm_s for sign in signs))
        return self.machine.book.open()[-1]

    @property
    def at(self) -> datetime:
        return START + timedelta(seconds=self.now)

    def states(self) -> dict[str, IncidentState]:
        return {one.id: one.state for one in self.machine.book.all()}


def test_a_sign_that_goes_away_soon_is_no_incident() -> None:
    watch = Watch()
    assert watch.look(DOWN) == []
    assert watch.look(DOWN, after=PATIENT.confirm_s - 1) == []
    assert watch.look(after=1) == []
    assert watch.look(DOWN, after=1) == []
    assert watch.machine.book.all() == ()


def test_a_sign_that_lasts_is_an_incident_which_is_over_once_the_sign_stays_away() -> None:
    watch = Watch()
    incident = watch.opened(DOWN)
    assert (incident.sign, incident.state, incident.evidence) == (DOWN, IncidentState.OPEN, DOWN.evidence)
    assert watch.look(after=1) == []
    assert watch.look(DOWN, after=PATIENT.clear_s) == []
    assert watch.look(after=1) == []
    assert watch.look(after=PATIENT.clear_s) == [What.RESOLVED]
    assert watch.states() == {incident.id: IncidentState.RESOLVED}


def test_what_comes_back_within_the_hour_is_the_same_incident_and_later_another_one() -> None:
    watch = Watch()
    incident = watch.opened(DOWN)
    watch.look(after=1)
    watch.look(after=PATIENT.clear_s)
    watch.look(DOWN, after=60)
    assert watch.look(DOWN, after=PATIENT.confirm_s) == [What.REOPENED]
    watch.look(after=1)
    watch.look(after=PATIENT.clear_s)
    watch.look(DOWN, after=3600)
    assert watch.look(DOWN, after=PATIENT.confirm_s) == [What.OPENED]
    assert watch.states() == {incident.id: IncidentState.RESOLVED, "inc-2": IncidentState.OPEN}


def test_what_comes_and_goes_all_day_makes_a_bounded_number_of_records() -> None:
    watch = Watch()
    changes = 0
    while watch.now < 86400:
        for signs in ((DOWN,), ()):
            for _ in range(6):
                changes += len(watch.look(*signs, after=30))
    assert len(watch.machine.book.all()) == 1
    assert changes < 24 * 8
    assert len(watch.machine.book.all()[0].course) <= MOST_STEPS


def test_nothing_is_over_on_a_cluster_that_cannot_be_seen() -> None:
    watch = Watch()
    incident = watch.opened(DOWN)
    watch.look(after=1, blind=["pool"])
    assert watch.look(after=10 * PATIENT.clear_s, blind=["pool"]) == []
    assert watch.states() == {incident.id: IncidentState.OPEN}
    watch.look(after=1)
    assert watch.look(after=PATIENT.clear_s) == [What.RESOLVED]


def test_news_of_an_incident_is_linked_every_now_and_then_and_at_once_where_it_is_worse() -> None:
    watch = Watch()
    incident = watch.opened(DOWN)
    more = replace(DOWN, text="Node wn1 is down. 3 jobs were running there.", evidence=("node:wn1.reason@c",))
    assert watch.look(more, after=1) == []
    assert watch.look(more, after=600) == [What.LINKED]
    assert watch.machine.book.get(incident.id).evidence == (*DOWN.evidence, *more.evidence)
    assert watch.look(more, after=600) == []
    assert watch.look(replace(more, severe=True), after=1) == [What.LINKED]


def test_an_incident_that_changes_at_every_look_for_a_week_makes_a_bounded_number_of_records() -> None:
    watch = Watch()
    watch.opened(DOWN)
    changes = 0
    while watch.now < 7 * 86400:
        changes += len(watch.look(replace(DOWN, text=f"at {watch.now}"), after=300))
    assert 10 < changes < 80


def test_what_a_wider_sign_explains_becomes_a_part_of_its_incident() -> None:
    watch = Watch()
    alone = watch.opened(DOWN)
    wide = replace(
        DOWN, subject="cluster:pool", title="9 nodes are down", scope=frozenset({"node:wn1", "cluster:pool"})
    )
    stuck = Sign(IncidentKind.QUEUE_STUCK, "cluster:pool", "pool", "stuck", "Nothing starts.")
    whole = watch.opened(wide, DOWN, stuck)
    assert whole.sign == wide
    assert watch.look(wide, DOWN, stuck, after=1) == [What.MERGED]
    part = watch.machine.book.get(alone.id)
    assert (part.state, part.merged_into) == (IncidentState.MERGED, whole.id)
    assert watch.machine.book.get(whole.id).merged == (alone.id,)
    assert len(watch.machine.book.all()) == 2, "a consequence is no incident of its own"


def test_an_incident_closed_while_its_sign_lasts_stays_closed_until_the_sign_was_away() -> None:
    watch = Watch()
    incident = watch.opened(DOWN)
    watch.handle(Closed(watch.at, incident.id, "root", WORDS))
    closed = watch.machine.book.get(incident.id)
    assert (closed.state, closed.closing, closed.closed_by) == (IncidentState.CLOSED, WORDS, "root")
    assert watch.look(DOWN, after=10 * PATIENT.confirm_s) == []
    watch.look(after=1)
    watch.look(DOWN, after=1)
    assert watch.look(DOWN, after=PATIENT.confirm_s) == [What.OPENED]


def test_what_is_over_cannot_be_closed_again_and_what_is_unknown_not_at_all() -> None:
    watch = Watch()
    incident = watch.opened(DOWN)
    watch.handle(Acted(watch.at, incident.id, "root", "release_jobs", "c-1"))
    assert watch.machine.book.get(incident.id).course[-1].call_id == "c-1"
    watch.handle(Closed(watch.at, incident.id, "root", WORDS))
    with pytest.raises(IncidentOver, match="closed by root"):
        watch.handle(Closed(watch.at, incident.id, "root", WORDS))
    with pytest.raises(IncidentNotFound, match="no incident 'inc-99'"):
        watch.handle(Closed(watch.at, "inc-99", "root", WORDS))


def test_only_so_many_incidents_are_open_and_the_others_are_counted() -> None:
    watch = Watch()
    signs = [replace(DOWN, subject=f"node:wn{number}") for number in range(MOST_OPEN + 5)]
    watch.look(*signs)
    watch.look(*signs, after=PATIENT.confirm_s)
    assert (len(watch.machine.book.open()), watch.machine.not_opened) == (MOST_OPEN, 5)


def test_a_change_that_was_not_kept_is_made_again() -> None:
    watch = Watch()
    watch.look(DOWN)
    later = Looked(watch.at + timedelta(seconds=PATIENT.confirm_s), [DOWN])
    lost = watch.machine.handle(later)
    assert watch.machine.book.all() == ()
    assert watch.machine.handle(later) == lost

"""Replaying what was saved: renewals reach exactly the facts that had the origin when they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ink_core.errors import InkError
from knowledge_graph.changes import Change, Renewed, Said, Unsaid
from knowledge_graph.facts import Attribute, Fact, Layer, Origin
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.codec import KnowledgeDamaged, decode, encode

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FIRST, SECOND, THIRD = (Origin("s", Layer.RUNTIME, NOW + timedelta(minutes=n)) for n in range(3))


def a(origin: Origin) -> Attribute:
    return Attribute("node:a", "state", "up", origin)


def b(origin: Origin) -> Attribute:
    return Attribute("node:b", "state", "up", origin)


def replayed(*changes: Change) -> Sequence[Fact]:
    model = GlobalModel()
    model.recover([changes])
    return sorted(model.all_facts(NOW), key=lambda fact: fact.id)


def test_renewals_in_a_row_end_with_the_last_time() -> None:
    assert replayed(Said(a(FIRST)), Renewed(FIRST, SECOND), Renewed(SECOND, THIRD)) == [a(THIRD)]


def test_a_fact_that_was_said_between_two_renewals_has_the_second_only() -> None:
    changes = (Said(a(FIRST)), Renewed(FIRST, SECOND), Said(b(SECOND)), Renewed(SECOND, THIRD))
    assert replayed(*changes) == [a(THIRD), b(THIRD)]


def test_a_fact_that_was_said_after_a_renewal_of_an_equal_origin_keeps_its_time() -> None:
    assert replayed(Said(a(FIRST)), Renewed(FIRST, SECOND), Said(b(FIRST))) == [a(SECOND), b(FIRST)]


def test_a_fact_that_was_said_anew_is_not_renewed_with_the_old_origin() -> None:
    other = replace(a(FIRST), value="down")
    assert replayed(Said(a(SECOND)), Said(other), Renewed(SECOND, THIRD)) == [other]


def test_what_was_unsaid_stays_away_and_what_was_never_there_is_no_harm() -> None:
    assert replayed(Said(a(FIRST)), Unsaid(b(FIRST)), Unsaid(a(FIRST)), Renewed(FIRST, SECOND)) == []


def test_a_replayed_fact_expires_at_its_renewed_time() -> None:
    brief, longer = (replace(FIRST, expires_at=NOW + timedelta(minutes=n)) for n in (1, 2))
    model = GlobalModel()
    model.recover([[Said(a(brief)), Renewed(brief, longer)]])
    assert model.expire(NOW + timedelta(minutes=1)) == []
    assert model.expire(NOW + timedelta(minutes=2)) == [Unsaid(a(longer))]


@pytest.mark.parametrize("body", [b"", b"no zlib", encode([Said(a(FIRST))])[:-7], encode([])[::-1]])
def test_a_damaged_entry_is_said_to_be_damaged(body: bytes) -> None:
    with pytest.raises(KnowledgeDamaged, match="cannot be read"):
        decode(body)
    assert issubclass(KnowledgeDamaged, InkError)

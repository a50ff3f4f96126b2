"""A token that was made for so many requests a minute gets no more, and comes back when it was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ink_core.errors import Throttled
from ink_core.identity.pace import MAX_TOKENS, Paces

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def taken(paces: Paces, times: int, now: datetime = NOON) -> None:
    for _ in range(times):
        paces.take("token:1", now)


def test_its_minute_is_used_up_and_refills() -> None:
    paces = Paces()
    paces.learn("token:1", 30)
    taken(paces, 30)
    with pytest.raises(Throttled, match="30 requests a minute") as refused:
        taken(paces, 1)
    assert refused.value.retry_after_s == 2
    taken(paces, 1, NOON + timedelta(seconds=2))


def test_learning_it_again_gives_nothing_back_but_another_pace_counts() -> None:
    paces = Paces()
    paces.learn("token:1", 2)
    taken(paces, 2)
    paces.learn("token:1", 2)
    with pytest.raises(Throttled):
        taken(paces, 1)
    paces.learn("token:1", 3)
    taken(paces, 3)


def test_without_a_pace_nothing_is_counted_and_memory_is_bounded() -> None:
    paces = Paces()
    paces.learn("token:1", None)
    taken(paces, 1000)
    paces.learn("token:1", 1)
    for number in range(MAX_TOKENS):
        paces.learn(f"token:x{number}", 1)
    taken(paces, 2)

"""Wrong passwords are limited per user and address, and a right one clears the account of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ink_core.errors import Throttled
from ink_core.identity.throttle import LIMIT, MAX_KEYS, WINDOW, LoginThrottle

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def exhausted() -> LoginThrottle:
    throttle = LoginThrottle()
    for _ in range(LIMIT):
        throttle.begin("alice", "10.0.0.1", NOON)
    return throttle


def test_too_many_attempts_are_refused_with_the_time_to_wait() -> None:
    with pytest.raises(Throttled, match="try again in 300 s"):
        exhausted().begin("alice", "10.0.0.1", NOON)


def test_another_user_and_another_address_are_not_held_up() -> None:
    throttle = exhausted()
    throttle.begin("bob", "10.0.0.1", NOON)
    throttle.begin("alice", "10.0.0.2", NOON)


def test_the_limit_ends_with_its_window() -> None:
    exhausted().begin("alice", "10.0.0.1", NOON + WINDOW)


def test_a_right_password_clears_the_count() -> None:
    throttle = exhausted()
    throttle.succeeded("alice", "10.0.0.1")
    throttle.begin("alice", "10.0.0.1", NOON)


def test_it_remembers_a_bounded_number_of_guessers() -> None:
    throttle = exhausted()
    for number in range(MAX_KEYS):
        throttle.begin("mallory", f"10.{number}", NOON)
    throttle.begin("alice", "10.0.0.1", NOON)

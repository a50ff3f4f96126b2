"""Wrong passwords are limited per user and address, per address and per user; a right one clears the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ink_core.errors import Throttled
from ink_core.identity.throttle import LIMIT, LIMIT_OF_ADDRESS, LIMIT_OF_USER, MAX_KEYS, WINDOW, LoginThrottle

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def exhausted() -> LoginThrottle:
    throttle = LoginThrottle()
    for _ in range(LIMIT):
        throttle.begin("alice", "10.0.0.1", NOON)
    return throttle


def sprayed() -> LoginThrottle:
    """One address has tried one password on many accounts."""
    throttle = LoginThrottle()
    for number in range(LIMIT_OF_ADDRESS):
        throttle.begin(f"user{number}", "10.0.0.1", NOON)
    return throttle


def besieged(throttle: LoginThrottle | None = None) -> LoginThrottle:
    """Many machines have tried alice's account."""
    throttle = throttle or LoginThrottle()
    for number in range(LIMIT_OF_USER):
        throttle.begin("alice", f"10.0.1.{number}", NOON)
    return throttle


def test_too_many_attempts_are_refused_with_the_time_to_wait() -> None:
    with pytest.raises(Throttled, match="try again in 300 s") as refused:
        exhausted().begin("alice", "10.0.0.1", NOON)
    assert refused.value.retry_after_s == 300


def test_another_user_and_another_address_are_not_held_up() -> None:
    throttle = exhausted()
    throttle.begin("bob", "10.0.0.1", NOON)
    throttle.begin("alice", "10.0.0.2", NOON)


def test_the_limit_ends_with_its_window() -> None:
    exhausted().begin("alice", "10.0.0.1", NOON + WINDOW)
    sprayed().begin("bob", "10.0.0.1", NOON + WINDOW)
    besieged().begin("alice", "10.0.0.1", NOON + WINDOW)


def test_a_right_password_clears_the_count() -> None:
    throttle = exhausted()
    throttle.succeeded("alice", "10.0.0.1")
    throttle.begin("alice", "10.0.0.1", NOON)


@pytest.mark.requirement("CORE-AUTH-08")
def test_one_address_cannot_try_its_luck_on_many_accounts() -> None:
    throttle = sprayed()
    with pytest.raises(Throttled):
        throttle.begin("bob", "10.0.0.1", NOON)
    throttle.begin("bob", "10.0.0.2", NOON)


def test_a_host_does_not_get_around_by_the_addresses_of_its_ipv6_network() -> None:
    throttle = LoginThrottle()
    for number in range(LIMIT):
        throttle.begin("alice", f"2001:db8::{number}", NOON)
    with pytest.raises(Throttled):
        throttle.begin("alice", "2001:db8::ffff", NOON)
    throttle.begin("alice", "2001:db8:0:1::1", NOON)


@pytest.mark.requirement("CORE-AUTH-08")
def test_many_addresses_cannot_try_their_luck_on_one_account() -> None:
    throttle = besieged()
    with pytest.raises(Throttled):
        throttle.begin("alice", "10.0.2.1", NOON)
    throttle.begin("bob", "10.0.2.1", NOON)


def test_the_owner_is_not_locked_out_where_the_owner_has_signed_in_before() -> None:
    throttle = LoginThrottle()
    throttle.begin("alice", "10.0.0.7", NOON)
    throttle.succeeded("alice", "10.0.0.7")
    besieged(throttle).begin("alice", "10.0.0.7", NOON)


def test_right_passwords_use_up_nothing_behind_a_shared_address() -> None:
    throttle = LoginThrottle()
    for number in range(LIMIT_OF_ADDRESS * 2):
        throttle.begin(f"user{number}", "10.0.0.1", NOON)
        throttle.succeeded(f"user{number}", "10.0.0.1")


def test_it_remembers_a_bounded_number_of_guessers() -> None:
    throttle = exhausted()
    for number in range(MAX_KEYS):
        throttle.begin(f"user{number}", f"10.{number}", NOON)
    throttle.begin("alice", "10.0.0.1", NOON)

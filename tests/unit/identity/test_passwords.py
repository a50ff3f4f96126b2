"""Passwords: what is stored, what is refused, and that an unknown user costs the same work."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest
from argon2 import PasswordHasher

from ink_core.errors import BadInput, Throttled
from ink_core.identity.passwords import MAX_WAITING, Passwords

LIGHT = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class CountingHasher(PasswordHasher):
    """The real hasher, which counts how often it verified."""

    verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.verified += 1
        return super().verify(hash, password)


@pytest.mark.requirement("CORE-AUTH-01")
async def test_what_is_stored_is_argon2id_and_salted() -> None:
    passwords = Passwords()
    first, second = await passwords.hash("correct horse"), await passwords.hash("correct horse")
    assert first.startswith("$argon2id$")
    assert first != second
    assert await passwords.verify(first, "correct horse")
    assert not await passwords.verify(first, "correct mouse")


async def test_a_broken_hash_fits_no_password() -> None:
    assert not await Passwords(LIGHT).verify("$argon2id$broken", "password")


async def test_an_unknown_user_costs_the_same_work_and_never_fits() -> None:
    hasher = CountingHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords = Passwords(hasher)
    assert not await passwords.verify(None, "nobody has this password")
    assert hasher.verified == 1


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1025])
async def test_a_password_out_of_bounds_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="8 to 1024"):
        await Passwords(LIGHT).hash(password)


async def test_a_crowd_is_told_to_come_back_later() -> None:
    passwords = Passwords(LIGHT)
    crowd = [passwords.verify(None, "password") for _ in range(MAX_WAITING + 5)]
    outcomes = await asyncio.gather(*crowd, return_exceptions=True)
    assert sum(isinstance(outcome, Throttled) for outcome in outcomes) == 5
    assert not await passwords.verify(None, "password"), "when the crowd is gone it answers again"

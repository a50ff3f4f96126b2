"""Passwords: what is stored, what is refused, and that an unknown user costs the same work."""

from __future__ import annotations

import asyncio
import threading
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


async def test_the_first_who_goes_away_while_it_is_looked_at_keeps_nobody_from_signing_in() -> None:
    passwords = Passwords(LIGHT)
    kept = await passwords.hash("correct horse")
    first = asyncio.create_task(passwords.verify(None, "password"))
    await asyncio.sleep(0)
    first.cancel()
    assert await passwords.verify(kept, "correct horse")


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1025])
async def test_a_password_out_of_bounds_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="8 to 1024"):
        await Passwords(LIGHT).hash(password)


class HeldHasher(PasswordHasher):
    """The real hasher, which begins to verify when it is let go."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.let_go = threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        assert self.let_go.wait(60)
        return super().verify(hash, password)


async def test_a_crowd_is_told_to_come_back_later() -> None:
    hasher = HeldHasher()
    passwords = Passwords(hasher)
    crowd = [asyncio.create_task(passwords.verify(None, "password")) for _ in range(MAX_WAITING + 5)]
    refused: set[asyncio.Task[bool]] = set()
    async with asyncio.timeout(60):
        while len(refused) < 5:
            done, _ = await asyncio.wait(set(crowd) - refused, return_when=asyncio.FIRST_COMPLETED)
            refused |= done
    hasher.let_go.set()
    outcomes = await asyncio.gather(*crowd, return_exceptions=True)
    assert sum(isinstance(outcome, Throttled) for outcome in outcomes) == 5
    assert not await passwords.verify(None, "password"), "when the crowd is gone it answers again"

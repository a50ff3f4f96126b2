"""Passwords with argon2id. Each hash costs 64 MiB and some 50 ms, so few run at once and few may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ink_core.errors import BadInput, Throttled

MIN_LENGTH = 8
MAX_LENGTH = 1024
AT_ONCE = 2
MAX_WAITING = 64
T = TypeVar("T")


class Passwords:
    """Hashes and verifies in its own threads. An unknown user costs the same work as a wrong password."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
        self._nobody: Future[str] | None = None  # made by the first who signs in, whoever that is
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Raises `BadInput` for a password that is too short or too long."""
        if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
            raise BadInput(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
        return await self._run(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits; with no hash the answer is no, after the same work."""
        if self._nobody is None:
            self._nobody = self._threads.submit(self._hasher.hash, "nobody has this password")
        nobody = await asyncio.shield(asyncio.wrap_future(self._nobody))  # who goes away leaves it to the others
        fits = await self._run(self._fits, password_hash or nobody, password[:MAX_LENGTH])
        return fits and password_hash is not None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _fits(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= MAX_WAITING:
            raise Throttled("too many people are signing in at this moment; try again in a few seconds")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1

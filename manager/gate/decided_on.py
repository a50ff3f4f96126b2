"""What every intent is decided on beside what its own chain says: who is locked, and the policy in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from audit.ledger import Ledger
from manager.gate import live_policy, lockout

DECIDED_AGAIN = 3
"""How often a call is decided again before it is refused."""


class DecidedOn(Protocol):
    """`LocksAndPolicy` is the one that the platform runs on."""

    def relies(self) -> Mapping[str, int]:
        """For `Record.relies`; asked for before anything is looked at."""
        ...

    async def keep_up(self) -> None:
        """Learn what is recorded and not known: another one wrote it, or its answer was lost."""
        ...


class NothingElse:
    """The shipped double: its own chain is all that an intent is decided on."""

    def relies(self) -> Mapping[str, int]:
        return {}

    async def keep_up(self) -> None: ...


class LocksAndPolicy:
    def __init__(self, ledger: Ledger, locked: lockout.Lockout, policy: live_policy.LivePolicy) -> None:
        self._ledger, self._locked, self._policy = ledger, locked, policy

    def relies(self) -> Mapping[str, int]:
        return {lockout.CHAIN: self._locked.last, live_policy.CHAIN: self._policy.last}

    async def keep_up(self) -> None:
        await learn_locks(self._ledger, self._locked)
        await self._policy.keep_up()


async def learn_locks(ledger: Ledger, locked: lockout.Lockout) -> None:
    """All that is recorded."""
    for event in await ledger.read(lockout.CHAIN, after=locked.last):
        locked.fold(event)

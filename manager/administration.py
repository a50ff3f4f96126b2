"""What changes of accounts mean to the rest of the platform: they are on record, and what is live of a user ends."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from audit.ledger import Ledger, Record
from ink_core.clock import Clock
from manager.gate.lockout import Lock, LockKind
from manager.kill_switch import KillSwitch

CHAIN = "accounts"


class RecordedAccounts:
    """Implements `ink_core.identity.administration.Consequences`."""

    def __init__(self, ledger: Ledger, kill_switch: KillSwitch, clock: Clock) -> None:
        self._ledger = ledger
        self._kill_switch = kill_switch
        self._clock = clock

    async def record(self, kind: str, body: Mapping[str, JsonValue]) -> None:
        await self._ledger.append(CHAIN, Record(kind, body))

    async def end_all(self, username: str, by: str, why: str) -> None:
        """As a lock would that is lifted at once: the account itself is what keeps the user out."""
        await self._kill_switch.end_live(Lock(LockKind.USER, username, by, why, self._clock.now()))

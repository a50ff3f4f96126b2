"""A lease: the right to decide by what the ledger holds, kept as a chain of the ledger of its own.

Whoever takes it appends `lease.taken` there, and the number of that event is the epoch. It is a fencing token: what its
holder appends is written only while that event is the last one of the chain, which is compared in the transaction that
writes. So one that was taken over from can be as late as it likes, it writes nothing.

That the one before has ended or is cut off is seen to by each database's own lock before it is asked for. Were that
wrong, the one before would lose the lease, and nothing else.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from audit.ledger import Ledger, LedgerHeld, Record

CHAINS = "lease:"
TAKEN = "lease.taken"
MANAGER = "manager"
"""The lease of the one manager that decides on all chains."""

TAKEN_OVER = "another manager has taken over; this one may not write any more"


async def must_hold(ledger: Ledger, name: str) -> None:
    """Raises `LedgerHeld` where another one has taken this lease since the ledger was opened with it."""
    if await ledger.read(CHAINS + name, after=ledger.epoch, limit=1):
        raise LedgerHeld(TAKEN_OVER)


def own_name() -> str:
    """This process as people find it: `HOST:PID`."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Lease:
    """`superseded` is called once when another holder has taken it; this one never writes again then."""

    name: str
    holder: str = field(default_factory=own_name)
    superseded: Callable[[], object] = lambda: None

    @property
    def chain(self) -> str:
        return CHAINS + self.name

    @property
    def taken(self) -> Record:
        return Record(TAKEN, {"holder": self.holder})

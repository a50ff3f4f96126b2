"""Seats at which budgets are decided on, in the platform's database: who sits there may reserve, who sat there may not.

A lease is in the ledger, and what is reserved is here, so one that was superseded does not hear of it when it reserves.
Who takes a lease therefore takes its seat here as well, before it reserves anything, and every reservation relies on
that in the transaction that makes it. Blocking but for `take_seat`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, insert, select

from audit.leases import TAKEN_OVER, must_hold
from audit.ledger import Ledger, LedgerHeld
from ink_core.db import Database, metadata
from manager.budgets.usage import BUDGETS

budget_seats = Table(
    "budget_seats",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("epoch", BigInteger, nullable=False),
)


@dataclass(frozen=True)
class Seat:
    """Who decides here: the name of a lease, and the number of the event that it was taken with (`audit.leases`)."""

    name: str
    epoch: int


async def take_seat(seat: Seat, database: Database, ledger: Ledger) -> None:
    """From the return on nobody reserves who had it before. Raises `LedgerHeld` where another one has the lease by now.

    The lease is looked at after the seat, and the seat is taken from the one that was seen there. So it changes hands
    in the order of the leases, and no epoch is compared: that of another ledger, which the database was used with, may
    be higher.
    """
    while True:
        before = await asyncio.to_thread(sitting, database, seat.name)
        await must_hold(ledger, seat.name)
        if await asyncio.to_thread(sit_down, database, seat, before):
            return


def sit_down(database: Database, seat: Seat, before: int | None) -> bool:
    """Sit down where the one of this epoch (None: nobody) sits; false where another one does."""
    with database.write_alone(BUDGETS) as connection:
        if _epoch(connection, seat.name) != before:
            return False
        connection.execute(delete(budget_seats).where(budget_seats.c.name == seat.name))
        connection.execute(insert(budget_seats), vars(seat))
        return True


def must_sit(connection: Connection, seat: Seat) -> None:
    """In a transaction with the lock of budgets. Raises `LedgerHeld`."""
    if _epoch(connection, seat.name) != seat.epoch:
        raise LedgerHeld(TAKEN_OVER)


def sitting(database: Database, name: str) -> int | None:
    with database.read() as connection:
        return _epoch(connection, name)


def _epoch(connection: Connection, name: str) -> int | None:
    return connection.execute(select(budget_seats.c.epoch).where(budget_seats.c.name == name)).scalar()

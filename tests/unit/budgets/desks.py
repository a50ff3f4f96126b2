"""A desk of budgets over a database, and over the ledger that knows the sessions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from audit.ledger import Ledger
from audit.memory import MemoryLedger
from ink_core.clock import Clock
from ink_core.db import Database
from manager.budgets.desk import BudgetDesk, SiteLimits, Stores
from manager.budgets.journal import UsageJournal
from manager.budgets.prices import Price
from manager.budgets.raised import RaisedBudgets
from manager.budgets.reservations import Reservations
from manager.budgets.seats import Seat, sit_down, sitting
from manager.budgets.spender import Lineages
from manager.budgets.submissions import Submissions
from manager.budgets.usage import UsageBook

EPOCHS = count(1)


def stores(database: Database, clock: Clock, ledger: Ledger | None = None, name: str = "manager") -> Stores:
    """Of one who takes the seat now, by the ledger's lease where it has one."""
    ledger = ledger or MemoryLedger()
    seat = Seat(name, ledger.epoch or next(EPOCHS))
    sit_down(database, seat, sitting(database, name))
    return stores_at(seat, database, clock, ledger)


def stores_at(seat: Seat, database: Database, clock: Clock, ledger: Ledger) -> Stores:
    """Whoever sits there."""
    book, submissions, lineages = UsageBook(database), Submissions(database), Lineages(ledger)
    journal = UsageJournal(book, submissions, lineages, clock)
    return Stores(book, submissions, RaisedBudgets(database), Reservations(database, seat), journal, lineages)


def desk_on(
    database: Database,
    limits: SiteLimits,
    clock: Clock,
    prices: Mapping[str, Price] | None = None,
    ledger: Ledger | None = None,
    seat: str = "manager",
) -> BudgetDesk:
    return BudgetDesk(stores(database, clock, ledger, seat), limits, prices or {}, clock)

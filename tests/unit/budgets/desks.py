"""A desk of budgets over a database, and over the ledger that knows the sessions."""

from __future__ import annotations

from collections.abc import Mapping

from audit.ledger import Ledger
from audit.memory import MemoryLedger
from ink_core.clock import Clock
from ink_core.db import Database
from manager.budgets.desk import BudgetDesk, SiteLimits, Stores
from manager.budgets.journal import UsageJournal
from manager.budgets.prices import Price
from manager.budgets.raised import RaisedBudgets
from manager.budgets.spender import Lineages
from manager.budgets.submissions import Submissions
from manager.budgets.usage import UsageBook


def stores(database: Database, clock: Clock, ledger: Ledger | None = None) -> Stores:
    book, submissions, lineages = UsageBook(database), Submissions(database), Lineages(ledger or MemoryLedger())
    journal = UsageJournal(book, submissions, lineages, clock)
    return Stores(book, submissions, RaisedBudgets(database), journal, lineages)


def desk_on(
    database: Database,
    limits: SiteLimits,
    clock: Clock,
    prices: Mapping[str, Price] | None = None,
    ledger: Ledger | None = None,
) -> BudgetDesk:
    return BudgetDesk(stores(database, clock, ledger), limits, prices or {}, clock)

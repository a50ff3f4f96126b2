"""The budgets as the settings want them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from audit.leases import MANAGER
from audit.ledger import Ledger
from ink_core.clock import Clock
from ink_core.compute.ended_jobs import Record
from ink_core.compute.model import Job
from ink_core.db import Database
from ink_core.settings import Settings
from ink_core.settings.budgets import BudgetLimits
from manager.budgets.amounts import Limits
from manager.budgets.calls import CallBudgets
from manager.budgets.desk import BudgetDesk, SiteLimits, Stores
from manager.budgets.journal import UsageJournal
from manager.budgets.prices import Price
from manager.budgets.raised import RaisedBudgets
from manager.budgets.reservations import Reservations
from manager.budgets.seats import Seat, take_seat
from manager.budgets.spender import Lineages
from manager.budgets.submissions import Submissions
from manager.budgets.usage import UsageBook
from mcp_tools.catalogue import Catalogue

KEEP_UP_S = 2.0


@dataclass(frozen=True)
class Budgets:
    """`usage` is what was used, `desk` lets through what may be, `calls` is the gate's part of it.

    `take_seat` comes before anything is reserved (`seats`).
    """

    usage: UsageBook
    desk: BudgetDesk
    calls: CallBudgets
    journal: UsageJournal
    take_seat: Callable[[], Awaitable[None]]

    def also(self, record: Record) -> Record:
        """Jobs that have ended are for `record`, and for the budgets that are waiting for them."""

        def both(jobs: Sequence[Job]) -> None:
            record(jobs)
            self.journal.jobs_ended(jobs)

        return both


def open_budgets(settings: Settings, database: Database, ledger: Ledger, catalogue: Catalogue, clock: Clock) -> Budgets:
    book, submissions, lineages = UsageBook(database), Submissions(database), Lineages(ledger)
    journal = UsageJournal(book, submissions, lineages, clock)
    prices = {
        model.name: Price(model.prompt_price, model.completion_price, model.timeout_s) for model in settings.models
    }
    given = settings.budgets
    limits = SiteLimits(_limits(given.site), _limits(given.user), _limits(given.task), _limits(given.session))
    seat = Seat(MANAGER, ledger.epoch)
    reservations = Reservations(database, seat)
    stores = Stores(book, submissions, RaisedBudgets(database), reservations, journal, lineages)
    desk = BudgetDesk(stores, limits, prices, clock)
    calls = CallBudgets(desk, catalogue, lambda: journal.full)
    return Budgets(book, desk, calls, journal, partial(take_seat, seat, database, ledger))


def _limits(given: BudgetLimits) -> Limits:
    return Limits.given(**given.model_dump())

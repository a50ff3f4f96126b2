"""The desk of budgets as the settings want it."""

from __future__ import annotations

from ink_core.clock import Clock
from ink_core.settings import Settings
from ink_core.settings.budgets import BudgetLimits
from manager.budgets.amounts import Limits
from manager.budgets.desk import BudgetDesk, Price, SiteLimits
from manager.budgets.usage import UsageBook


def open_budgets(settings: Settings, book: UsageBook, clock: Clock) -> BudgetDesk:
    prices = {model.name: Price(model.prompt_price, model.completion_price) for model in settings.models}
    budgets = settings.budgets
    limits = SiteLimits(_limits(budgets.site), _limits(budgets.user), _limits(budgets.session))
    return BudgetDesk(book, limits, prices, clock)


def _limits(given: BudgetLimits) -> Limits:
    return Limits.of_model(given.tokens, given.money)

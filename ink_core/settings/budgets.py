"""Settings of budgets: what agents may use up of language models and of the cluster, unless somebody raises it."""

from __future__ import annotations

from pydantic import Field

from ink_core.settings.section import Section

MOST = 10**15


class BudgetLimits(Section):
    """null for no limit."""

    tokens: int | None = Field(ge=0, le=MOST, description="Tokens of language models, of requests and replies.")
    money: float | None = Field(ge=0, le=1e9, description="Price of these tokens, by the prices of `models`.")


class BudgetSettings(Section):
    """At a limit the agent stops and asks; who may raise it then is written in `docs/explanation/budgets.md`."""

    site: BudgetLimits = Field(description="Of all users together, in a calendar month (UTC).")
    user: BudgetLimits = Field(description="Of one user, in a calendar month (UTC).")
    session: BudgetLimits = Field(description="Of one conversation.")

"""Settings of budgets: what agents may use up of language models and of the cluster, unless somebody raises it."""

from __future__ import annotations

from pydantic import Field

from ink_core.settings.section import Section

MOST = 10**15


class BudgetLimits(Section):
    """null for no limit."""

    tokens: int | None = Field(ge=0, le=MOST, description="Tokens of language models, of requests and replies.")
    money: float | None = Field(ge=0, le=1e9, description="Price of these tokens, by the prices of `models`.")
    calls: int | None = Field(
        ge=0, le=MOST, description="Calls of tools, by the agent or by programs over REST and MCP."
    )
    wall_s: float | None = Field(ge=0, le=1e12, description="Time that these calls and the replies of models took.")
    cpu_hours: float | None = Field(ge=0, le=1e12, description="Cores of jobs by the time they were taken.")


class BudgetSettings(Section):
    """At a limit the agent stops and asks; who may raise it then is written in `docs/explanation/budgets.md`."""

    site: BudgetLimits = Field(description="Of all users together, in a calendar month (UTC).")
    user: BudgetLimits = Field(description="Of one user, in a calendar month (UTC).")
    task: BudgetLimits = Field(description="Of one task, all its life.")
    session: BudgetLimits = Field(description="Of one conversation or sub-agent, all its life.")

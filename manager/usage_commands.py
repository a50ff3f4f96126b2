"""`ink usage`: what was used, by model, agent, session, task or user, from the manager over REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from ink_core.errors import InkError
from manager.command_line import Config, Profile, fail, out, settings_of

By = Annotated[str, typer.Option(help="What is summed up: model, agent, session, task or user.")]
COLUMNS = {
    "REPLIES": "replies",
    "PROMPT TOKENS": "prompt_tokens",
    "REPLY TOKENS": "completion_tokens",
    "MONEY": "money",
    "CALLS": "calls",
    "WALL S": "wall_s",
    "CPU-HOURS": "cpu_hours",
}
MEASURES = {
    "tokens": "tokens",
    "money": "money",
    "calls": "calls",
    "wall_s": "s of wall time",
    "cpu_hours": "CPU-hours",
}
SMALL = 0.01
"""Less than this is told to the millionth: a few questions to a model cost no more."""


def usage(
    by: By = "model",
    days: Annotated[int, typer.Option(min=1, max=800, help="How far back.")] = 30,
    everybody: Annotated[bool, typer.Option("--everybody", help="Of all users; for administrators.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """What was used of models, tools and the cluster, those with most tokens first, and the budget of this month."""
    from manager.remote import get

    settings, query = settings_of(profile, config), {"by": by, "days": days, "everybody": str(everybody).lower()}
    try:
        report, budget = get(settings, "/api/v1/usage", query), get(settings, "/api/v1/usage/budget", {})
    except InkError as error:
        fail(error)
    out.print(_table(by, report["lines"]))
    for line in budget_lines(budget):
        out.print(line)


def _table(by: str, lines: list[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(by.upper(), overflow="fold")
    for title in COLUMNS:
        table.add_column(title, justify="right")
    for line in lines:
        table.add_row(line["name"], *(_number(line[name]) for name in COLUMNS.values()))
    return table


def budget_lines(budget: Mapping[str, Any]) -> list[str]:
    """What is spent of each measure this month, what is reserved for what has not ended, and the limit."""
    return ["this month:", *(_budget_line(budget, name, title) for name, title in MEASURES.items())]


def _budget_line(budget: Mapping[str, Any], name: str, title: str) -> str:
    reserved, limit = budget["reserved"][name], budget["limits"][name]
    more = f", {_number(reserved)} of it reserved" if reserved else ""
    taken = _number(budget["spent"][name] + reserved)
    return f"  {taken} {title}{more} (limit: {'none' if limit is None else _number(limit)})"


def _number(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6f}" if 0 < value < SMALL else f"{value:,.2f}"

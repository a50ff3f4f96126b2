"""`ink usage`: tokens and money of language models, by model, session or user, from the manager over REST."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from ink_core.errors import InkError
from manager.command_line import Config, Profile, fail, out, settings_of

By = Annotated[str, typer.Option(help="What is summed up: model, session or user.")]


def usage(
    by: By = "model",
    days: Annotated[int, typer.Option(min=1, max=800, help="How far back.")] = 30,
    everybody: Annotated[bool, typer.Option("--everybody", help="Of all users; for administrators.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """What was used of language models, those with most tokens first, and the budget of this month."""
    from manager.remote import get

    settings, query = settings_of(profile, config), {"by": by, "days": days, "everybody": str(everybody).lower()}
    try:
        report, budget = get(settings, "/api/v1/usage", query), get(settings, "/api/v1/usage/budget", {})
    except InkError as error:
        fail(error)
    out.print(_table(by, report["lines"]))
    out.print(_budget(budget))


def _table(by: str, lines: list[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(by.upper(), overflow="fold")
    for title in ("REPLIES", "PROMPT TOKENS", "REPLY TOKENS", "MONEY"):
        table.add_column(title, justify="right")
    for line in lines:
        counts = (line["replies"], line["prompt_tokens"], line["completion_tokens"])
        table.add_row(line["name"], *(f"{count:,}" for count in counts), f"{line['money']:.2f}")
    return table


def _budget(budget: dict[str, Any]) -> str:
    tokens = "no limit" if budget["tokens"] is None else f"{budget['tokens']:,}"
    money = "no limit" if budget["money"] is None else f"{budget['money']:.2f}"
    spent = f"{budget['tokens_spent']:,} tokens (limit: {tokens}), {budget['money_spent']:.2f} (limit: {money})"
    return f"this month: {spent}"

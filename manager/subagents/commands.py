"""`ink agent`: the sub-agents that work for one's conversations, as a tree, and ending one with all below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.table import Table

from ink_core.errors import InkError
from manager.command_line import Config, Profile, fail, out, settings_of

app = typer.Typer(no_args_is_help=True, help="Sub-agents: what works for your conversations.")
GOING_ON = frozenset({"starting", "working", "waiting_approval", "over_budget"})
Row = Mapping[str, Any]


@app.command("ls")
def list_agents(
    session: Annotated[str | None, typer.Option(help="Only those below this conversation.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Those that are at work, below whom they work for."""
    from manager.remote import get

    try:
        rows = get(settings_of(profile, config), "/api/v1/subagents", {"session_id": session} if session else {})
    except InkError as error:
        fail(error)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("SUB-AGENT", "PROFILE", "STATE", "WORKER", "GOAL"):
        table.add_column(title, overflow="fold")
    for row in as_tree(row for row in rows if everything or row["state"] in GOING_ON):
        name = f"{'  ' * (row['depth'] - 1)}{row['session_id']}"
        table.add_row(name, row["profile"], row["state"], row["worker_id"] or "", row["goal"])
    out.print(table)


@app.command("stop")
def stop(session_id: str, profile: Profile = "embedded", config: Config = None) -> None:
    """End a sub-agent, and all that work for it."""
    from manager.remote import post_json

    try:
        post_json(settings_of(profile, config), f"/api/v1/sessions/{quote(session_id, safe='')}/stop", {})
    except InkError as error:
        fail(error)
    out.print(f"stopped {session_id}", highlight=False)


def as_tree(rows: Iterable[Row]) -> list[Row]:
    """Each followed by those that work for it, the first opened first; one whose parent is not shown stands alone."""
    known = {row["session_id"]: row for row in sorted(rows, key=lambda row: row["opened_at"])}
    tops = [row for row in known.values() if row["parent"] not in known]
    return [each for top in tops for each in _with_below(top, known)]


def _with_below(row: Row, known: Mapping[str, Row]) -> list[Row]:
    children = [child for child in known.values() if child["parent"] == row["session_id"]]
    return [row, *(each for child in children for each in _with_below(child, known))]

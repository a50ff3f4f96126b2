"""`ink joblens`: the collector of a node, which is a program of its own (`python -m joblens`)."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from manager import rules_commands

app = typer.Typer(no_args_is_help=True, help="What batch jobs do on their nodes.")
app.add_typer(rules_commands.app, name="rules")


@app.command()
def collect(
    config: Annotated[str | None, typer.Option(help="Settings of the collector (TOML).")] = None,
    check: Annotated[bool, typer.Option("--check", help="Read the settings and collect nothing.")] = False,
) -> None:
    """Observe the jobs of this host until a signal comes; as root, or with the capabilities of its systemd unit."""
    options = [*(["--config", config] if config else []), *(["--check"] if check else [])]
    # In place of this process: the collector has to be small, and does without what `ink` has loaded.
    os.execv(sys.executable, [sys.executable, "-m", "joblens", "collect", *options])  # noqa: S606

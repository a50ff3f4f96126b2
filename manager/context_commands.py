"""`ink context`: what an agent is told of the site for a question, and why, over the REST interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from ink_core.errors import InkError
from manager.command_line import Config, Profile, fail, out, settings_of

app = typer.Typer(no_args_is_help=True, help="What an agent is told of the site for a question.")


@app.command()
def explain(
    question: Annotated[str, typer.Argument(help="As one asks an agent: 'why is job 12.0 slow'.", show_default=False)],
    tokens: Annotated[int, typer.Option(min=1, max=20_000, help="The budget that the facts have to fit into.")] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="The answer of the REST interface as it is.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Why each fact would go with a question to a model, and what was just cut; as far as you may see it yourself."""
    from manager.remote import post_json

    try:
        pack = post_json(
            settings_of(profile, config), "/api/v1/context/explain", {"question": question, "tokens": tokens}
        )
    except InkError as error:
        fail(error)
    if as_json:
        out.print_json(data=pack)
        return
    _show(pack["facts"], f"{len(pack['facts'])} facts, {pack['tokens']} of {tokens} tokens")
    if pack["cut"]:
        _show(pack["cut"], "no room for")


def _show(facts: Sequence[Any], title: str) -> None:
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    table.add_column("SCORE", justify="right")
    table.add_column("TOKENS", justify="right")
    for name in ("FACT", "SOURCE, AGE", "WHY"):
        table.add_column(name, overflow="fold")
    for fact in facts:
        cells = (f"{fact['score']:.3f}", str(fact["tokens"]), fact["text"], _origin(fact), fact["reason"])
        table.add_row(*map(Text, cells))
    out.print(table)


def _origin(fact: Any) -> str:
    untrusted = ", untrusted" if fact["integrity"] == "untrusted" else ""
    return f"{fact['source']}, {fact['age_s']:.0f} s{untrusted}"

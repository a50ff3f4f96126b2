"""`ink skill`: list and show the skills of this installation, check one that is being written, try it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.table import Table

from ink_core.errors import InkError
from manager.command_line import Config, Profile, err, fail, out, settings_of

if TYPE_CHECKING:
    from skills.library import Shelf

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="Skills: what an agent knows of how to reach a goal here.")

Folder = Annotated[Path, typer.Argument(help="The folder of the skill, with SKILL.md.", exists=True, file_okay=False)]


@app.command("list")
def list_skills(profile: Profile = "embedded", config: Config = None) -> None:
    """Names, versions and descriptions."""
    shelf = _shelf(profile, config)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("SKILL", "VERSION", "DESCRIPTION"):
        table.add_column(title, overflow="fold")
    for skill in shelf.skills:
        table.add_row(skill.name, skill.version or "", skill.description)
    out.print(table)
    for problem in shelf.problems:
        err.print(problem, markup=False)


@app.command("show")
def show(name: str, profile: Profile = "embedded", config: Config = None) -> None:
    """The text of one, and the sum that `skills.pins` pins it by."""
    try:
        skill = _shelf(profile, config).skills.get(name)
    except InkError as error:
        fail(error)
    out.print(f"{skill.name}  sha256 {skill.sha256}\n", markup=False, highlight=False)
    out.print(skill.text, markup=False, highlight=False)


@app.command("lint")
def lint(folder: Folder) -> None:
    """Say what is wrong with a skill: its format, its calls, its examples of code."""
    from manager.skills.checks import lint as complaints
    from mcp_tools.catalogue import default_catalogue
    from skills.format import read_skill

    try:
        _end(list(complaints(read_skill(folder.resolve()), default_catalogue())), "nothing to complain of")
    except InkError as error:
        fail(error)


@app.command("test")
def test(
    folder: Folder,
    run: Annotated[bool, typer.Option("--run", help="Run its Python examples, as you, where they can be run.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Try its evaluation: is it what its questions find, and does its code run?"""
    from knowledge_graph.documents import DocumentIndex
    from manager.skills.checks import can_run, try_out
    from skills.catalogue import LIBRARY
    from skills.evaluation import read_evaluation
    from skills.format import read_skill

    home = folder.resolve()
    roots = {LIBRARY, home.parent, *settings_of(profile, config).skills.folders}
    index = DocumentIndex.build(sorted(roots))
    try:
        skill, evaluation = read_skill(home), read_evaluation(home)
        if evaluation is None:
            err.print(f"{folder} has no evaluation.yaml")
            raise typer.Exit(2)
        if run and not can_run(evaluation):
            err.print("its examples of code cannot be run here")
        _end(list(try_out(skill, evaluation, index, run=run)), f"{len(evaluation.questions)} questions find it")
    except InkError as error:
        fail(error)
    finally:
        index.close()


Directory = Annotated[str, typer.Option(help="The project's, seen from your home.")]


@app.command("own")
def own(directory: Directory = ".", profile: Profile = "embedded", config: Config = None) -> None:
    """Skills in your home and in a project (.ink/skills), and which of them you have accepted as they are."""
    from manager.skills.own import own_skills

    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("SKILL", "STATE", "SHA256", "DESCRIPTION"):
        table.add_column(title, overflow="fold")
    for line in _asked(lambda: own_skills(settings_of(profile, config), directory)):
        table.add_row(line["name"], line["state"], (line["sha256"] or "")[:12], line["description"] or "")
    out.print(table)


@app.command("accept")
def accept(
    name: Annotated[str, typer.Argument(help="user:NAME or project:NAME.")],
    directory: Directory = ".",
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Let agents follow a skill of your own as it is now; you confirm it on the page, which shows the whole text."""
    from manager.data_directory import address_of
    from manager.skills.own import accept_skill

    settings = settings_of(profile, config)
    _asked(lambda: accept_skill(settings, name, directory))
    out.print(f"read and confirm it on {address_of(settings)}/#/approvals, signed in as yourself", highlight=False)


@app.command("forget")
def forget(sha256: str, profile: Profile = "embedded", config: Config = None) -> None:
    """Take a skill that you have accepted for untrusted text again."""
    from manager.skills.own import forget_skill

    _asked(lambda: forget_skill(settings_of(profile, config), sha256))
    out.print("forgotten")


def _asked(work: Callable[[], T]) -> T:
    try:
        return work()
    except InkError as error:
        fail(error)


def _end(complaints: list[str], good: str) -> None:
    for complaint in complaints:
        out.print(complaint, markup=False, highlight=False)
    if complaints:
        raise typer.Exit(1)
    out.print(good)


def _shelf(profile: str, config: Path | None) -> Shelf:
    from manager.skills.library import open_library

    return open_library(settings_of(profile, config)).shelf()

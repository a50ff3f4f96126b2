"""`ink task`: what several people work on together, its members and what it knows, over the REST interface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

import typer
from rich.table import Table
from rich.text import Text

from ink_core.errors import InkError
from ink_core.settings import Settings
from manager.command_line import Config, Profile, fail, out, settings_of

app = typer.Typer(no_args_is_help=True, help="What several people work on together.")
T = TypeVar("T")
TaskId = Annotated[str, typer.Argument(help="As `ink task ls` shows it.", metavar="TASK", show_default=False)]
Username = Annotated[str, typer.Argument(metavar="USER", show_default=False)]
TASKS = "/api/v1/tasks"
SHOWN = 200


@app.command()
def ls(profile: Profile = "embedded", config: Config = None) -> None:
    """Those that you are a member of, the newest first."""
    from manager.remote import get

    tasks = _asked(profile, config, lambda settings: get(settings, TASKS, {}))
    rows = [(task["task_id"], task["role"], task["owner"], str(len(task["members"])), task["title"]) for task in tasks]
    _show(("TASK", "ROLE", "OWNER", "MEMBERS", "TITLE"), rows)


@app.command()
def new(
    title: Annotated[str, typer.Argument(show_default=False)],
    workspace: Annotated[str, typer.Option(help="A directory that its members will share.")] = "",
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Open a task of your own; its id is printed."""
    from manager.remote import post_json

    body = {"title": title, "workspace": workspace}
    task = _asked(profile, config, lambda settings: post_json(settings, TASKS, body))
    out.print(task["task_id"], highlight=False)


@app.command()
def show(task: TaskId, profile: Profile = "embedded", config: Config = None) -> None:
    """Its members and its conversations."""
    from manager.remote import get

    path = _path(task)
    found, sessions = _asked(
        profile, config, lambda settings: (get(settings, path, {}), get(settings, f"{path}/sessions", {}))
    )
    out.print(Text(f"{found['title']}  {found['workspace']}".rstrip()), highlight=False)
    _show(("MEMBER", "ROLE"), [(member["username"], member["role"]) for member in found["members"]])
    rows = [(each["session_id"], each["owner"], each["share"], each["title"]) for each in sessions]
    _show(("SESSION", "OWNER", "YOU MAY", "TITLE"), rows)


@app.command()
def add(
    task: TaskId,
    username: Username,
    role: Annotated[str, typer.Option(help="steer or watch.")] = "steer",
    shows: Annotated[
        str | None, typer.Option(help="They may see data up to this level: scratch, user or experiment.")
    ] = None,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """A new member, or another role for one; for its owner."""
    from manager.remote import put_json

    body = {"role": role, "shows": shows}
    _asked(profile, config, lambda settings: put_json(settings, _path(task, "members", username), body))
    out.print(Text(f"{username}: {role}"), highlight=False)


@app.command()
def remove(task: TaskId, username: Username, profile: Profile = "embedded", config: Config = None) -> None:
    """A member, by its owner; or leave it yourself."""
    from manager.remote import delete

    _asked(profile, config, lambda settings: delete(settings, _path(task, "members", username)))
    out.print(Text(f"removed {username}"), highlight=False)


@app.command()
def close(task: TaskId, profile: Profile = "embedded", config: Config = None) -> None:
    """For its owner: nothing of it is shared any more; conversations stay with those who opened them."""
    from manager.remote import delete

    _asked(profile, config, lambda settings: delete(settings, _path(task)))
    out.print(Text(f"closed {task}"), highlight=False)


@app.command()
def memory(task: TaskId, profile: Profile = "embedded", config: Config = None) -> None:
    """What its conversations and sub-agents found out, the newest first."""
    from manager.remote import get

    known = _asked(profile, config, lambda settings: get(settings, _path(task, "memory"), {}))["memories"]
    _show(("ID", "AT", "BY", "TITLE", "TEXT"), [_remembered(each) for each in known])


@app.command()
def forget(
    task: TaskId,
    known: Annotated[str, typer.Argument(help="As `ink task memory` shows it.", metavar="ID", show_default=False)],
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Take something out of its memory; for the task's owner, and for who said it."""
    from manager.remote import delete

    _asked(profile, config, lambda settings: delete(settings, _path(task, "memory", known)))
    out.print(Text(f"forgot {known}"), highlight=False)


def _remembered(each: Any) -> tuple[str, ...]:
    text = " ".join(each["text"].split())[:SHOWN]
    return each["contribution_id"], each["at"][:16], _author(each), each["title"], text


def _author(each: Any) -> str:
    return each["author"] if each["by_hand"] else f"agent of {each['author']}"


def _path(*parts: str) -> str:
    return "/".join((TASKS, *(quote(part, safe="") for part in parts)))


def _asked(profile: str, config: Config, question: Callable[[Settings], T]) -> T:
    try:
        return question(settings_of(profile, config))
    except InkError as error:
        fail(error)


def _show(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table)

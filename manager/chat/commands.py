"""`ink chat`: talk to the agent in a terminal."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from ink_core.errors import InkError
from manager.command_line import Config, Profile, fail, out, settings_of

if TYPE_CHECKING:
    from manager.chat.talk import Talk

PROMPT = "› "


def chat(
    message: Annotated[str | None, typer.Argument(help="One message; the command ends with its answer.")] = None,
    session: Annotated[str | None, typer.Option(help="Go on with this conversation.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the latest one.")] = False,
    worker: Annotated[str | None, typer.Option(help="Worker agent whose files and commands a new one uses.")] = None,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Talk to the agent. What needs approval is shown and, where you may, decided here; Ctrl-C stops an answer."""
    from manager.chat.conversations import Conversations
    from manager.chat.talk import Beginning, Talk
    from manager.remote import access

    # One loop, and nothing of it runs while a line is typed: Ctrl-C means what it means in any program then.
    with asyncio.Runner() as runner:
        try:
            manager = Conversations(access(settings_of(profile, config)))
            talk = Talk(manager, out)
            try:
                runner.run(talk.begin(Beginning(session, resume, worker)))
                answered = _talk(runner, talk, message)
            finally:
                runner.run(manager.close())
        except InkError as error:
            fail(error)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
    raise typer.Exit(0 if answered else 1)


def _talk(runner: asyncio.Runner, talk: Talk, message: str | None) -> bool:
    """Whether the last turn was answered; a conversation that a person ends was fine."""
    if message is not None:
        return runner.run(talk.say(message))
    if sys.stdin.isatty():
        import_module("readline")  # lines can be edited then, and those of before come back
    with suppress(EOFError):
        while not talk.over:
            runner.run(talk.take(_line()))
    return True


def _line() -> str:
    if sys.stdin.isatty():
        return input(PROMPT)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line

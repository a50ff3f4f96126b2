"""`ink task` as its users type it, against a manager that answers on a port."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from typer.testing import CliRunner

from ink_core.identity.principal import Scope
from manager.__main__ import app as ink
from tests.security.application import application
from tests.unit.tasks.served import on_a_port


class Shell:
    def __init__(self, app: FastAPI, data_dir: Path) -> None:
        self._app = app
        self._data_dir = data_dir

    async def user(self, username: str) -> dict[str, str]:
        """The environment of a new user with a token."""
        identity = self._app.state.core.identity
        await identity.create_user(username)
        token = await identity.create_token_of(username, "t", frozenset({Scope.AGENT_USE}), timedelta(hours=1))
        return {"INK_DATA_DIR": str(self._data_dir), "INK_TOKEN": token.secret, "COLUMNS": "200"}

    async def ink(self, environment: dict[str, str], *words: str) -> tuple[int, str]:
        done = await asyncio.to_thread(lambda: CliRunner().invoke(ink, ["task", *words], env=environment))
        return done.exit_code, done.output


async def test_a_task_is_opened_shared_looked_at_left_and_closed(tmp_path: Path) -> None:
    async with application(tmp_path) as app, on_a_port(app, tmp_path):
        shell = Shell(app, tmp_path)
        alice, bob = await shell.user("alice"), await shell.user("bob")
        code, said = await shell.ink(alice, "new", "Higgs to tau tau", "--workspace", "/data/higgs")
        assert code == 0
        task_id = said.strip()
        assert await shell.ink(alice, "add", task_id, "bob", "--role", "watch") == (0, "bob: watch\n")
        listed = (await shell.ink(bob, "ls"))[1].splitlines()[1].split()
        assert listed[:4] == [task_id, "watch", "alice", "2"]
        shown = (await shell.ink(bob, "show", task_id))[1]
        assert "Higgs to tau tau  /data/higgs" in shown and "owner" in shown
        assert (await shell.ink(bob, "memory", task_id))[1].split() == ["ID", "AT", "BY", "TITLE", "TEXT"]
        assert await shell.ink(bob, "remove", task_id, "bob") == (0, "removed bob\n")
        assert await shell.ink(alice, "close", task_id) == (0, f"closed {task_id}\n")
        assert task_id not in (await shell.ink(alice, "ls"))[1]


async def test_what_may_not_be_is_said_in_the_managers_words(tmp_path: Path) -> None:
    async with application(tmp_path) as app, on_a_port(app, tmp_path):
        shell = Shell(app, tmp_path)
        alice, bob = await shell.user("alice"), await shell.user("bob")
        task_id = (await shell.ink(alice, "new", "Higgs"))[1].strip()
        for who, words, said in (
            (bob, ("show", task_id), f"you have no task {task_id}"),
            (alice, ("add", task_id, "nobody9"), "there is no user nobody9"),
            (alice, ("remove", task_id, "alice"), "close it"),
            (alice, ("forget", task_id, "0" * 32), "knows nothing of the id"),
            (alice, ("new", "Higgs", "--workspace", "data"), "a workspace is an absolute path"),
        ):
            code, told = await shell.ink(who, *words)
            assert code == 1 and said in " ".join(told.split())

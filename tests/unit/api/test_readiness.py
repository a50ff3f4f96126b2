"""What the manager says of what it cannot do without."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ink_core.api.health_routes import states_of
from ink_core.db import Database
from manager.api.readiness import checks_of
from tests.security.application import application, client

NOBODY_THERE = "postgresql://nobody@127.0.0.1:1/none"


async def test_ledger_and_database_are_asked(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        answer = await http.get("/ready")
        assert (answer.status_code, answer.json()) == (200, {"ledger": "ok", "database": "ok"})
        platform = replace(app.state.platform, database=Database(NOBODY_THERE))
        assert await states_of(checks_of(platform)) == {"ledger": "ok", "database": "down"}


async def test_who_asks_a_database_that_hangs_again_and_again_holds_one_thread(tmp_path: Path) -> None:
    hanging = Hanging()
    async with application(tmp_path) as app:
        database: Any = hanging
        check = checks_of(replace(app.state.platform, database=database))["database"]
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(check(), 0.01)
        hanging.let_go.set()
        await check()
    assert hanging.asked == 1


class Hanging:
    def __init__(self) -> None:
        self.asked = 0
        self.let_go = threading.Event()

    def answers(self) -> None:
        self.asked += 1
        assert self.let_go.wait(60)

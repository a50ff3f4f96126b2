"""Families that end with their test."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from ink_core.db import Database
from manager.budgets.desk import SiteLimits
from tests.unit.budgets.desks import desk_on
from tests.unit.subagents.family import Cast, Family, profile

Start = Callable[..., Awaitable[Family]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncGenerator[Start]:
    """With one profile, `finder`, that may list jobs; with budgets where a test gives `limits`."""
    profile(tmp_path, "finder")
    families: list[Family] = []
    database = Database(f"sqlite:///{tmp_path}/ink.db")

    async def begin(*models: Cast, limits: SiteLimits | None = None) -> Family:
        family = Family(tmp_path, *models)
        families.append(family)
        if limits is not None:
            database.migrate()
            family.budgets = desk_on(database, limits, family.clock, ledger=family.ledger)
        return await family.start()

    yield begin
    for family in families:
        await family.close()
    database.close()

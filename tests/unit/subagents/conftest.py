"""Families that end with their test."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ink_core.db import Database
from manager.budgets.calls import CallBudgets
from manager.budgets.desk import BudgetDesk, SiteLimits
from mcp_tools.catalogue import default_catalogue
from tests.unit.budgets.desks import stores
from tests.unit.subagents.family import Cast, Family, ReadyLauncher, profile

Start = Callable[..., Awaitable[Family]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncGenerator[Start]:
    """With one profile, `finder`, that may list jobs; with budgets where a test gives `limits`."""
    profile(tmp_path, "finder")
    families: list[Family] = []
    database = Database(f"sqlite:///{tmp_path}/ink.db")

    async def begin(*models: Cast, limits: SiteLimits | None = None, launcher: ReadyLauncher | None = None) -> Family:
        family = Family(tmp_path, *models)
        if launcher is not None:
            family.services = replace(family.services, launcher=launcher)
        families.append(family)
        if limits is not None:
            database.migrate()
            kept = stores(database, family.clock, family.ledger)
            family.budgets = BudgetDesk(kept, limits, {}, family.clock)
            family.spending = CallBudgets(family.budgets, default_catalogue(), lambda: kept.journal.full)
        return await family.start()

    yield begin
    for family in families:
        await family.close()
    database.close()

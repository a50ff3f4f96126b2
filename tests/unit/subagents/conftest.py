"""Families that end with their test."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.unit.subagents.family import Cast, Family, profile

Start = Callable[..., Awaitable[Family]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncGenerator[Start]:
    """With one profile, `finder`, that may list jobs."""
    profile(tmp_path, "finder")
    families: list[Family] = []

    async def begin(*models: Cast) -> Family:
        family = Family(tmp_path, *models)
        families.append(family)
        return await family.start()

    yield begin
    for family in families:
        await family.close()

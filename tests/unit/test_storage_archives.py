"""An archive that nobody reads to its end is ended at once at its user's agent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import anyio
import pytest
from pydantic import JsonValue

from ink_core.agents import AccessPoint, InProcessAgents
from ink_core.storage.archives import UserArchives
from worker_agent.protocol import ArchiveFormat

PATIENCE_S = 60


@pytest.mark.requirement("CORE-FILES-07")
@pytest.mark.parametrize("reached", ["archive.open", "archive.read"])
async def test_a_reader_that_goes_away_in_the_middle_has_its_archive_closed(reached: str) -> None:
    there, closed = asyncio.Event(), asyncio.Event()
    opened: list[JsonValue] = []

    async def agent(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        if method == "archive.close":
            assert arguments["archive_id"] == opened[0]
            closed.set()
        elif method == "archive.open":
            opened.append(arguments["archive_id"])
        if method == reached:
            there.set()
            await asyncio.Event().wait()
        return {"archive_id": arguments["archive_id"]}

    async def read() -> None:
        archives = UserArchives(InProcessAgents({AccessPoint("alice"): agent}))
        async for _ in archives.stream("alice", ["run"], ArchiveFormat.ZIP, hidden=True):
            pass

    async with asyncio.timeout(PATIENCE_S):
        async with anyio.create_task_group() as group:  # which cancels again and again, as a server does
            group.start_soon(read)
            await there.wait()
            group.cancel_scope.cancel()
        await closed.wait()

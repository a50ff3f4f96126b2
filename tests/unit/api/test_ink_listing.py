"""All entries of a directory, as an agent pages through them that is its user's own and may say anything."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from pydantic import JsonValue

from ink_core.agents import AccessPoint, Answer, InProcessAgents
from ink_core.api.ink_rows.listing import rows_below
from ink_core.storage.user_files import UserFiles


async def test_an_agent_that_goes_on_with_empty_pages_for_ever_keeps_nobody() -> None:
    async def endless(method: str, arguments: Mapping[str, JsonValue]) -> Answer:
        await asyncio.sleep(0)
        return Answer({"path": ".", "total": 1, "next_cursor": "again"}, b"[]")

    files = UserFiles(InProcessAgents({AccessPoint("alice"): endless}))
    async with asyncio.timeout(100):
        assert await rows_below(files, "alice", ".", recursive=True, hidden=True) == []

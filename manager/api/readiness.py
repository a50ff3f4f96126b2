"""What the manager cannot do without, asked each time: its ledger and its database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ink_core.api.health_routes import Check
from manager.api.platform import Platform
from manager.api.shared_work import SharedWork


def checks_of(platform: Platform) -> Mapping[str, Check]:
    """By the name of the part. Each raises what is wrong with it."""
    # A database that does not answer holds a thread: one, however often it is asked for.
    database = SharedWork(lambda: asyncio.to_thread(platform.database.answers))

    async def ledger() -> None:
        await platform.ledger.read("health", limit=1)

    return {"ledger": ledger, "database": database.result}

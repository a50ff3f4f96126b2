"""Progress of a call whose tool tells none: since when it runs, for a client that asked for progress."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from mcp_tools.conversation import Context

EVERY_S = 5.0


@asynccontextmanager
async def beating(context: Context) -> AsyncGenerator[None]:
    if not context.meta or context.meta.get("progress_token") is None:
        yield
        return
    beat = asyncio.create_task(_beat(context))
    try:
        yield
    finally:
        beat.cancel()


async def _beat(context: Context) -> None:
    began = asyncio.get_running_loop().time()
    while True:
        await asyncio.sleep(EVERY_S)
        passed = asyncio.get_running_loop().time() - began
        await context.session.report_progress(passed, message=f"running for {passed:.0f} s")

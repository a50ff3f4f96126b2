"""A policy that is proposed is looked at without keeping anybody waiting."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

from mcp_tools.policy import TOOLS, ApplyPolicy
from mcp_tools.policy_port import NoPolicy
from tests.unit.mcp_tools.conftest import Centre


async def test_it_is_read_and_compared_beside_the_event_loop(centre: Centre) -> None:
    """A large one takes seconds."""
    loop, turned = asyncio.get_running_loop(), threading.Event()
    seen: list[bool] = []

    class Waiting(NoPolicy):
        def check(self, text: str, replaces: str) -> str:
            turned.clear()
            loop.call_soon_threadsafe(turned.set)
            seen.append(turned.wait(20))
            return "compared"

    context = replace(centre.context, services=replace(centre.context.services, policy=Waiting()))
    (tool,) = TOOLS
    asked = ApplyPolicy(text="x", replaces="0" * 64, reason="x")
    assert tool.preview and tool.diff
    await tool.preview(context, asked)
    assert await tool.diff(context, asked) == "compared"
    assert seen == [True, True]

"""Who waits for which agent to connect. An arrival wakes those who wait for it, however many others there are."""

from __future__ import annotations

import asyncio

from ink_core.agents import AgentTarget
from manager.workers.connection import WorkerConnection


class Arrivals:
    def __init__(self) -> None:
        self._waiting: dict[AgentTarget, list[asyncio.Future[WorkerConnection]]] = {}

    def arrived(self, target: AgentTarget, connection: WorkerConnection) -> None:
        for waiting in self._waiting.pop(target, ()):
            if not waiting.done():
                waiting.set_result(connection)

    async def next(self, target: AgentTarget, timeout_s: float) -> WorkerConnection | None:
        """The next connection of this agent, or None after `timeout_s`."""
        arrival: asyncio.Future[WorkerConnection] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(target, []).append(arrival)
        try:
            async with asyncio.timeout(timeout_s):
                return await arrival
        except TimeoutError:
            return None
        finally:
            self._left(target, arrival)

    def _left(self, target: AgentTarget, arrival: asyncio.Future[WorkerConnection]) -> None:
        waiting = self._waiting.get(target, [])
        if arrival in waiting:
            waiting.remove(arrival)
            if not waiting:
                del self._waiting[target]

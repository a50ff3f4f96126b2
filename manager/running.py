"""A wired platform's life: recovered and set going, looked after every so often, and stopped.

Order: `composition.build` (opens the stores, runs the code of the site's plugins) → `start` (recover from the ledger,
then poll, expire and bury) → `stop`. A crash at any point is the same as `stop` without the politeness.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import structlog

from ink_core.compute.mirror import QueueMirror
from ink_core.errors import InkError
from manager.api.platform import Platform

log = structlog.get_logger()


@dataclass
class Running:
    """A built platform with what must be started and stopped around it. `recoveries` read the ledger, in this order."""

    platform: Platform
    mirror: QueueMirror
    recoveries: Sequence[Callable[[], Awaitable[object]]]
    background: Sequence[tuple[float, Callable[[], Awaitable[object]]]]
    exits: AsyncExitStack
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    async def start(self) -> None:
        """Recover workers, then calls, then turns (each needs the one before), and begin housekeeping."""
        for recover in self.recoveries:
            await recover()
        self.mirror.start()
        calls = await self.platform.gate.recover()
        turns = await self.platform.sessions.recover()
        await self.platform.subagents.recover()
        log.info("recovered", calls=calls, turns=turns)
        self.keep(asyncio.create_task(self.platform.kill_switch.enforce()))
        for every_s, work in self.background:
            self.repeat(every_s, work)

    def repeat(self, every_s: float, work: Callable[[], Awaitable[object]]) -> None:
        """Do this every so many seconds, until the end."""
        self.keep(asyncio.create_task(_repeat(every_s, work)))

    def keep(self, task: asyncio.Task[None]) -> None:
        """Hold a task until the end, so that it is neither lost nor left behind."""
        self._tasks.append(task)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.platform.sessions.close()
        await self.platform.gate.close()
        await self.exits.aclose()


async def _repeat(every_s: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except InkError as error:
            log.warning("housekeeping_failed", code=error.code, reason=str(error))
        except Exception:  # one defect must not end what keeps the house for good
            log.exception("housekeeping_broke")

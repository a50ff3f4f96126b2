"""One agent put together and run: the workspace, the methods, the connection, and how it all ends.

Limits: one event loop, one workspace, one manager.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import resource
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from worker_agent.background import Background
from worker_agent.exits import Exit
from worker_agent.idle import IdleClock
from worker_agent.methods import Handler, digest_by, file_handlers, method_table, process_handlers, terminal_handlers
from worker_agent.operations import Operations
from worker_agent.packs import load_packs
from worker_agent.permits import PermitCheck
from worker_agent.place import greeting
from worker_agent.process import Processes
from worker_agent.protocol import (
    AgentConfig,
    Call,
    Frame,
    Hello,
    OperationOutcome,
    OutcomeQuery,
    PackMethod,
    Ping,
    Place,
    Pong,
    Shutdown,
    Wire,
)
from worker_agent.sandbox import Sandbox
from worker_agent.server import Server
from worker_agent.terminal import TerminalService
from worker_agent.threads import Threads
from worker_agent.uplink import Uplink
from worker_agent.witness import Witness

_log = logging.getLogger(__name__)

NO_USE = frozenset({"witness.cosign"})
LONGEST_WAIT_S = {Place.ACCESS_POINT: 1.5, Place.EXECUTE: 6.0}
"""Between two attempts to reach the manager. An access-point agent is beside it, and its user waits for its return."""

_END_S = 2.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Agent:
    """Raises OSError if the workspace cannot be opened, PackNotLoaded if a pack cannot be loaded."""

    def __init__(self, config: AgentConfig) -> None:
        self._config = config
        self._started = time.monotonic()
        self._stop: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()
        self._sandbox = Sandbox(config.workspace)
        self._threads = Threads()
        self._operations = Operations()
        self._processes = Processes(self._sandbox, self._notify)
        self._background = Background(self._sandbox)
        self._terminals = TerminalService(self._sandbox, self._notify)
        self._idle = IdleClock(config.idle_timeout_s, self._is_busy)
        methods = load_packs(config.packs, config.pack_options, method_table(self._handlers()))
        self._capabilities = sorted({name.partition(".")[0] for name in methods})
        permits = PermitCheck(config.worker_id, config.manager_key, digest_by(self._sandbox, self._threads))
        self._server = Server(self._counted(methods), self._operations, permits)
        self._uplink = Uplink(
            config.manager_url,
            config.secret,
            authorities=config.manager_ca,
            reconnect_for_s=config.reconnect_for_s,
            longest_wait_s=LONGEST_WAIT_S[config.place],
            greet=self._greet,
            answer=self._answer,
            joined=self._joined,
            parted=self._terminals.detach_all,
        )

    async def run(self) -> Exit:
        """Serve until asked to stop, refused, out of reach or idle; then end all that was started."""
        uplink = asyncio.ensure_future(self._uplink.run())
        idle = asyncio.ensure_future(self._idle.run())
        try:
            done, _ = await asyncio.wait({uplink, idle, self._stop}, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        finally:
            await self._end()
            idle.cancel()
            uplink.cancel()
            await asyncio.wait({uplink, idle})

    def stop(self, reason: Exit) -> None:
        if not self._stop.done():
            self._stop.set_result(reason)

    def stop_on_signals(self) -> None:
        for number in _SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self.stop, Exit.TERMINATED)

    async def _end(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_S):
                await asyncio.gather(self._processes.close(), self._background.close(), self._terminals.close())
        await self._uplink.close()
        self._threads.close()
        self._sandbox.close()

    def _handlers(self) -> dict[str, Handler]:
        return {
            "worker.ping": self._ping,
            "worker.shutdown": self._shutdown,
            "operation.outcome": self._outcome,
            "witness.cosign": Witness(self._config.worker_id).cosign,
            **file_handlers(self._sandbox, self._threads),
            **process_handlers(self._processes, self._background),
            **terminal_handlers(self._terminals),
        }

    def _greet(self, secret: str) -> Hello:
        unfinished = self._operations.running
        return greeting(self._config, secret, capabilities=self._capabilities, unfinished=unfinished)

    def _joined(self, epoch: int) -> None:
        self._operations.epoch = epoch

    async def _answer(self, frame: Frame) -> Frame:
        return await self._server.answer(frame)

    def _counted(self, methods: Mapping[str, PackMethod]) -> dict[str, PackMethod]:
        """All methods are use of the agent, except what the manager asks of its own accord."""

        def counted(handler: Handler) -> Handler:
            async def handle(arguments: Any, call: Call) -> BaseModel:
                with self._idle.activity():
                    return await handler(arguments, call)

            return handle

        return {
            name: method if name in NO_USE else replace(method, handler=counted(method.handler))
            for name, method in methods.items()
        }

    async def _notify(self, method: str, params: Wire) -> None:
        await self._uplink.notify(method, params)

    def _is_busy(self) -> bool:
        started = self._processes.running + self._background.running + self._terminals.running
        return bool(self._operations.running or started)

    async def _ping(self, arguments: Ping, call: Call) -> Pong:
        return Pong(rss_bytes=_resident_bytes(), uptime_s=time.monotonic() - self._started)

    async def _shutdown(self, arguments: Shutdown, call: Call) -> Pong:
        self.stop(Exit.DONE)
        return await self._ping(Ping(), call)

    async def _outcome(self, arguments: OutcomeQuery, call: Call) -> OperationOutcome:
        return self._operations.outcome(arguments.target)


async def run_agent(config: AgentConfig) -> Exit:
    """The whole life of an agent that has its process for itself."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    agent = Agent(config)
    gc.collect()
    gc.freeze()  # what is built by now stays, and is not looked through for garbage at every few calls
    agent.stop_on_signals()
    return await agent.run()


def _resident_bytes() -> int:
    """Second field of /proc/self/statm, in pages; see proc(5)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

"""A manager that stands by: it waits for the ledger, and takes over when the one that holds it is gone.

The lease of the ledger is all there is between two managers. It ends with the process that holds it (SQLite) or with
its connection (PostgreSQL), so nobody has to judge whether another manager is dead. What it was doing is on record, and
the next one goes on from there as after a restart: every turn and every call under the same ids.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from audit.ledger import Ledger, LedgerHeld
from ink_core.clock import Clock
from ink_core.errors import CannotServe
from ink_core.settings import Settings
from manager.ledger import OpenLedger

LOOK_S = 0.25
BIND_S = 20.0
"""How long the address of the one that ended may still be taken."""


def patient(open_ledger: OpenLedger, told: Callable[[], object]) -> OpenLedger:
    """Opens the ledger as soon as nobody else holds it; `told` is called once if it has to wait."""

    @asynccontextmanager
    async def opened(settings: Settings, clock: Clock) -> AsyncGenerator[Ledger]:
        async with AsyncExitStack() as stack:
            yield await _first(stack, settings, clock)

    async def _first(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Ledger:
        waits = False
        while True:
            try:
                return await stack.enter_async_context(open_ledger(settings, clock))
            except LedgerHeld:
                if not waits:
                    told()
                waits = True
                await asyncio.sleep(LOOK_S)

    return opened


async def bound_in_time(bind: Callable[[], socket.socket]) -> socket.socket:
    """The listening socket, once the address is free. Raises `CannotServe`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + BIND_S
    while True:
        try:
            return bind()
        except CannotServe:
            if loop.time() > deadline:
                raise
            await asyncio.sleep(LOOK_S)

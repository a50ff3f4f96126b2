"""One life of the manager: the real composition over killing seams, the flow's user, and at the end what came of it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import uvicorn
from fastapi import FastAPI

import manager.gate.dispatch
from audit.verify import verify
from bench.crash.flows import ALICE, Flow, User
from bench.crash.killing import Killer, KillingModel, KillingRegistry, as_chosen, killing
from bench.crash.outcome import outcome, repeated, revived
from bench.crash.world import World
from manager.api.platform import Platform
from manager.api.worker_door import WorkerDoor
from manager.composition import build
from manager.ledger import ledger_file, open_ledger
from manager.workers.life import launched
from manager.workers.registry import WorkerRegistry


@dataclass(frozen=True)
class Life:
    """`at`: the boundary to die at, 0 for none. `first`: nothing is there yet, and the session is opened."""

    flow: Flow
    world: World
    at: int
    first: bool

    @property
    def trace(self) -> Path:
        return self.world.directory / "trace"

    @property
    def result(self) -> Path:
        return self.world.directory / "result"

    @property
    def errors(self) -> Path:
        return self.world.directory / "errors"

    @property
    def session(self) -> Path:
        return self.world.directory / "session"

    def live(self) -> None:
        """In a process of its own, which does not outlive it."""
        manager.gate.dispatch.RECONNECT_GRACE_S = self.flow.reconnect_grace_s
        asyncio.run(self._play())

    async def _play(self) -> None:
        killer = Killer(self.at, self.trace)
        model = KillingModel(self.flow.script, self.flow.trust, killer)
        running = await build(
            self.world.settings, open_ledger=killing(open_ledger, killer), choose_models=as_chosen(model)
        )
        platform = running.platform
        killer.armed = not self.first
        await running.start()
        if self.first:
            await self._found(platform)
        async with _workers_door(platform, killer, self.world):
            if self.first:
                await self._all_hands(platform)
            killer.armed = True
            user = User(platform, self.world, self.session.read_text())
            await self.flow.drive(user)
            killer.note({"concluded": True})
            await self._conclude(user)
            os._exit(0)  # nobody says good-bye: everything is durable, and a graceful end is no part of this

    async def _found(self, platform: Platform) -> None:
        for hand in self.world.hands:
            await platform.registry.record(hand.worker_id, launched(self.world.life(hand)))
        view = await platform.sessions.open(ALICE, "crash", _worker_id(self.world))
        self.session.write_text(view.session_id)

    async def _all_hands(self, platform: Platform) -> None:
        async with asyncio.timeout(30):
            while platform.registry.connected() < len(self.world.hands):
                await asyncio.sleep(0.005)

    async def _conclude(self, user: User) -> None:
        ledger = user.platform.ledger
        events = [event for chain in await ledger.chains() for event in await ledger.read(chain)]
        facts: dict[str, Any] = {
            "outcome": await outcome(user),
            "events": [[event.chain, event.seq, event.hash] for event in events],
            "repeated": repeated(events),
            "revived": revived(events),
        }
        async with ledger_file(self.world.settings) as file:
            facts["problems"] = verify(file).problems
        self.result.write_text(json.dumps(facts))


def _worker_id(world: World) -> str | None:
    return next((hand.worker_id for hand in world.hands if world.life(hand).cluster), None)


@asynccontextmanager
async def _workers_door(platform: Platform, killer: Killer, world: World) -> AsyncIterator[None]:
    """The real route on which workers dial in, with killing sockets, on the world's own listening socket."""
    app = WorkerDoor(FastAPI(openapi_url=None), cast(WorkerRegistry, KillingRegistry(platform.registry, killer)))
    config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="websockets-sansio")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[world.listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving

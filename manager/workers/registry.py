"""All worker agents: their recorded lives and their live connections, and the handshake that joins the two."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import JsonValue

from audit.ledger import Ledger, Record
from ink_core.clock import Clock
from manager.workers.connection import Socket, WorkerConnection
from manager.workers.life import CHAIN_PREFIX, LAUNCHED, WorkerLife, chain_of, check_hello, digest, fold
from worker_agent.protocol import Hello, Place, Refused, Welcome, Wire

log = structlog.get_logger()

HEARTBEAT_S = 20.0
KEPT_OVER = 50
"""How many workers of one user that are over stay in memory, and in the user's list."""


@dataclass(frozen=True)
class Disconnected:
    """What listeners hear when a worker's connection ends; it may come back."""


Listener = Callable[[str, Wire | Disconnected], None]


class WorkerRegistry:
    def __init__(self, ledger: Ledger, clock: Clock, kept_over: int = KEPT_OVER) -> None:
        self._ledger = ledger
        self._clock = clock
        self._kept_over = kept_over
        self._lives: dict[str, WorkerLife] = {}
        self._connections: dict[str, WorkerConnection] = {}
        self._access_points: dict[str, WorkerConnection] = {}
        self._arrived = asyncio.Condition()
        self._greeting: set[str] = set()
        self._listeners: list[Listener] = []

    # -- lives -------------------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """Fold all chains. Workers that were connected when the manager died are expected to dial in again."""
        for chain in await self._ledger.chains(CHAIN_PREFIX):
            life: WorkerLife | None = None
            for event in await self._ledger.read(chain):
                life = fold(life, event)
            if life is not None:
                self._lives[life.worker_id] = life
        for user in self.users():
            self._forget_oldest(user)

    async def record(self, worker_id: str, *records: Record) -> WorkerLife:
        life = None if records[0].kind == LAUNCHED else await self.known(worker_id)
        for event in await self._ledger.append(chain_of(worker_id), *records):
            # Folded onto what is known now: others may have recorded something of this worker while we waited.
            life = self._lives[worker_id] = fold(self._lives.get(worker_id, life), event)
        assert life is not None, "whoever records, records something"
        if life.over:
            self._forget_oldest(life.user)
        return life

    def life(self, worker_id: str) -> WorkerLife | None:
        """One of the lives in memory; see `known` for any."""
        return self._lives.get(worker_id)

    async def known(self, worker_id: str) -> WorkerLife | None:
        """Any life, read again from the ledger where memory has given it up."""
        if life := self._lives.get(worker_id):
            return life
        life = None
        for event in await self._ledger.read(chain_of(worker_id)):
            life = fold(life, event)
        return life

    def lives(self, user: str) -> list[WorkerLife]:
        """Lives of one user's workers, newest first."""
        mine = [life for life in self._lives.values() if life.user == user]
        return sorted(mine, key=_launched_at, reverse=True)

    def _forget_oldest(self, user: str) -> None:
        """Of the workers that are over, keep the newest of each user in memory; the ledger has them all."""
        for life in [life for life in self.lives(user) if life.over][self._kept_over :]:
            del self._lives[life.worker_id]

    def users(self) -> set[str]:
        return {life.user for life in self._lives.values()}

    def by_operation(self, operation_id: str) -> WorkerLife | None:
        return next((life for life in self._lives.values() if life.operation_id == operation_id), None)

    # -- connections -------------------------------------------------------------------------------------------------

    def connection(self, worker_id: str) -> WorkerConnection | None:
        return self._connections.get(worker_id)

    def connected(self) -> int:
        """How many workers are connected now."""
        return len(self._connections)

    def witnesses(self, most: int) -> list[WorkerConnection]:
        """Up to `most` connections, execute agents first: they are the farthest from this machine."""
        places = {each: life.place for each, life in self._lives.items() if each in self._connections}
        chosen = sorted(places, key=lambda each: (places[each] is not Place.EXECUTE, each))[:most]
        return [self._connections[each] for each in chosen]

    def access_point(self, user: str) -> WorkerConnection | None:
        """The connected access-point agent of a user: the one that came last."""
        return self._access_points.get(user)

    async def arrival(self, wanted: Callable[[], WorkerConnection | None], timeout_s: float) -> WorkerConnection | None:
        """Wait until `wanted()` is connected, up to `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s), self._arrived:
                while (connection := wanted()) is None:
                    await self._arrived.wait()
                return connection
        except TimeoutError:
            return wanted()

    async def accept(self, hello: Hello, socket: Socket) -> WorkerConnection | Refused:
        """Check a greeting, record the connection and answer with `Welcome` on the socket.

        Of several greetings with one token exactly one counts. A connection that is replaced is closed, so that it
        can neither answer nor report any more.
        """
        known = await self.known(hello.worker_id)
        life = self._lives.get(hello.worker_id, known)  # what another greeting has recorded meanwhile counts
        refusal = check_hello(life, hello, self._clock.now(), hello.worker_id in self._connections)
        if refusal is None and hello.worker_id in self._greeting:
            refusal = Refused(code="greeting", message="this worker is being greeted already", retryable=True)
        if refusal is not None or life is None:
            refusal = refusal or Refused(code="unknown_worker", message="this worker is not expected", retryable=False)
            log.warning("worker_refused", worker_id=hello.worker_id, code=refusal.code)
            return refusal
        resume = secrets.token_urlsafe(32)
        epoch = life.epoch + 1
        self._greeting.add(hello.worker_id)
        try:
            await self.record(hello.worker_id, _connected(hello, epoch, resume))
        finally:
            self._greeting.discard(hello.worker_id)
        welcome = Welcome(epoch=epoch, resume_secret=resume, heartbeat_s=HEARTBEAT_S)
        await socket.send(welcome.model_dump_json())
        connection = WorkerConnection(socket, hello.worker_id, epoch, self.hear)
        async with self._arrived:
            replaced = self._connections.get(hello.worker_id)
            self._connections[hello.worker_id] = connection
            if hello.place is Place.ACCESS_POINT:
                self._access_points[life.user] = connection
            self._arrived.notify_all()
        if replaced is not None:
            await replaced.close(4001, "replaced by a newer connection")
        return connection

    async def dropped(self, connection: WorkerConnection) -> None:
        """Record the end of a connection, unless a newer one has taken its place."""
        if self._connections.get(connection.worker_id) is connection:
            self._forget(connection, self._lives[connection.worker_id].user)
            self.hear(connection.worker_id, Disconnected())
            ended: dict[str, JsonValue] = {"epoch": connection.epoch, "heard": connection.heard}
            await self.record(connection.worker_id, Record("worker.disconnected", ended))

    async def gone(self, worker_id: str, reason: str) -> WorkerLife:
        """The worker will not come back: its job ended or it was stopped."""
        life = await self.record(worker_id, Record("worker.gone", {"reason": reason}))
        if connection := self._connections.get(worker_id):
            self._forget(connection, life.user)
            await connection.close(4000, reason)
        return life

    def _forget(self, connection: WorkerConnection, user: str) -> None:
        del self._connections[connection.worker_id]
        if self._access_points.get(user) is connection:
            del self._access_points[user]

    # -- notifications -----------------------------------------------------------------------------------------------

    @contextmanager
    def listening(self, listener: Listener) -> Generator[None]:
        """Hear every notification of every worker while the block runs."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def hear(self, worker_id: str, notification: Wire | Disconnected) -> None:
        """Pass what a worker said on to all who listen."""
        for listener in tuple(self._listeners):
            listener(worker_id, notification)


def _launched_at(life: WorkerLife) -> datetime:
    assert life.launched_at is not None, "a life that was recorded has the time of its launch"
    return life.launched_at


def _connected(hello: Hello, epoch: int, resume: str) -> Record:
    return Record(
        "worker.connected",
        {
            "epoch": epoch,
            "host": hello.host,
            "uid": hello.uid,
            "job_id": hello.job_id,
            "resume_sha256": digest(resume),
            "capabilities": list(hello.capabilities),
        },
    )

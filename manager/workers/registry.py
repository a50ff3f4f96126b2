"""All worker agents: their recorded lives and their live connections, and the handshake that joins the two.

What one of them does costs the same however many there are. Limits: of those that greet at one moment, as when a
manager came back, so many are recorded at once; the others wait, and beyond that they are told to come later.
"""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Collection
from contextlib import AbstractContextManager

import structlog
from pydantic import JsonValue

from audit.ledger import Ledger, Record
from ink_core.agents import AccessPoint, AgentTarget, Worker
from ink_core.clock import Clock
from manager.workers.arrivals import Arrivals
from manager.workers.connection import Socket, WorkerConnection
from manager.workers.life import (
    CHAIN_PREFIX,
    LAUNCHED,
    WRONG_VERSION,
    WorkerLife,
    chain_of,
    check_hello,
    digest,
    fold,
)
from manager.workers.listeners import Disconnected, Listener, Listeners
from manager.workers.lives import Lives
from manager.workers.room import Room
from worker_agent.protocol import Hello, Place, Refused, Welcome, Wire

log = structlog.get_logger()

HEARTBEAT_S = 20.0
KEPT_OVER = 50
"""How many workers of one user that are over stay in memory, and in the user's list."""
RECORDED_AT_ONCE, WAITING = 256, 2048
"""Of lives: a ledger takes 512 records in one flush, and others write to it, too."""


class WorkerRegistry:
    def __init__(self, ledger: Ledger, clock: Clock, kept_over: int = KEPT_OVER, room: Room | None = None) -> None:
        self._ledger = ledger
        self._clock = clock
        self._lives = Lives(kept_over)
        self._room = room or Room(RECORDED_AT_ONCE, WAITING)
        self._connections: dict[str, WorkerConnection] = {}
        self._access_points: dict[str, WorkerConnection] = {}
        self._arrivals = Arrivals()
        self._greeting: set[str] = set()
        self._listeners = Listeners()

    # -- lives -------------------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """Fold all chains. Workers that were connected when the manager died are expected to dial in again."""
        for chain in await self._ledger.chains(CHAIN_PREFIX):
            if life := await self._folded(chain):
                self._lives.put(life)

    async def record(self, worker_id: str, *records: Record) -> WorkerLife:
        life = None if records[0].kind == LAUNCHED else await self.known(worker_id)
        async with self._room:
            events = await self._ledger.append(chain_of(worker_id), *records)
        for event in events:
            # Folded onto what is known now: others may have recorded something of this worker while we waited.
            life = fold(self._lives.get(worker_id) or life, event)
            self._lives.put(life)
        assert life is not None, "whoever records, records something"
        return life

    def life(self, worker_id: str) -> WorkerLife | None:
        """One of the lives in memory; see `known` for any."""
        return self._lives.get(worker_id)

    async def known(self, worker_id: str) -> WorkerLife | None:
        """Any life, read again from the ledger where memory has given it up."""
        return self._lives.get(worker_id) or await self._folded(chain_of(worker_id))

    async def _folded(self, chain: str) -> WorkerLife | None:
        life = None
        for event in await self._ledger.read(chain):
            life = fold(life, event)
        return life

    def lives(self, user: str) -> list[WorkerLife]:
        """Lives of one user's workers, newest first."""
        return self._lives.of(user)

    def users(self) -> Collection[str]:
        return self._lives.users()

    def by_operation(self, operation_id: str) -> WorkerLife | None:
        return self._lives.by_operation(operation_id)

    # -- connections -------------------------------------------------------------------------------------------------

    def connection(self, worker_id: str) -> WorkerConnection | None:
        return self._connections.get(worker_id)

    def connected(self) -> int:
        """How many workers are connected now."""
        return len(self._connections)

    def witnesses(self, most: int) -> list[WorkerConnection]:
        """Up to `most` connections, execute agents first: they are the farthest from this machine."""
        return heapq.nsmallest(most, self._connections.values(), key=self._nearness)

    def _nearness(self, connection: WorkerConnection) -> tuple[bool, str]:
        life = self._lives.get(connection.worker_id)
        return life is None or life.place is not Place.EXECUTE, connection.worker_id

    def access_point(self, user: str) -> WorkerConnection | None:
        """The connected access-point agent of a user: the one that came last."""
        return self._access_points.get(user)

    async def arrival(self, target: AgentTarget, timeout_s: float) -> WorkerConnection | None:
        """The agent's connection; waits for one up to `timeout_s`."""
        match target:
            case Worker(worker_id):
                here = self.connection(worker_id)
            case AccessPoint(user):
                here = self.access_point(user)
        return here or await self._arrivals.next(target, timeout_s)

    async def accept(self, hello: Hello, socket: Socket) -> WorkerConnection | Refused:
        """Check a greeting, record the connection and answer with `Welcome` on the socket.

        Of several greetings with one token exactly one counts. A connection that is replaced is closed, so that it
        can neither answer nor report any more.
        """
        if self._room.full:
            return Refused(code="busy", message="too many workers greet at this moment; come again", retryable=True)
        known = await self.known(hello.worker_id)
        life = self._lives.get(hello.worker_id) or known  # what another greeting has recorded meanwhile counts
        refusal = check_hello(life, hello, self._clock.now(), hello.worker_id in self._connections)
        if refusal is None and hello.worker_id in self._greeting:
            refusal = Refused(code="greeting", message="this worker is being greeted already", retryable=True)
        if refusal is not None or life is None:
            refusal = refusal or Refused(code="unknown_worker", message="this worker is not expected", retryable=False)
            log.warning("worker_refused", worker_id=hello.worker_id, code=refusal.code)
            if refusal.code == WRONG_VERSION:  # it has proved who it is, and will not come again
                await self.gone(hello.worker_id, refusal.message)
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
        replaced = self._connections.get(hello.worker_id)
        self._connections[hello.worker_id] = connection
        self._arrivals.arrived(Worker(hello.worker_id), connection)
        if hello.place is Place.ACCESS_POINT:
            self._access_points[life.user] = connection
            self._arrivals.arrived(AccessPoint(life.user), connection)
        if replaced is not None:
            await replaced.close(4001, "replaced by a newer connection")
        return connection

    async def dropped(self, connection: WorkerConnection) -> None:
        """Record the end of a connection, unless a newer one has taken its place."""
        life = await self.known(connection.worker_id)
        if life is not None and self._connections.get(connection.worker_id) is connection:
            self._forget(connection, life.user)
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

    def listening(self, listener: Listener, worker_id: str | None = None) -> AbstractContextManager[None]:
        """Hear every notification of this worker, or of every worker, while the block runs."""
        return self._listeners.listening(listener, worker_id)

    def hear(self, worker_id: str, notification: Wire | Disconnected) -> None:
        """Pass what a worker said on to all who listen."""
        self._listeners.hear(worker_id, notification)


def _connected(hello: Hello, epoch: int, resume: str) -> Record:
    return Record(
        "worker.connected",
        {
            "epoch": epoch,
            "host": hello.host,
            "uid": hello.uid,
            "job_id": hello.job_id,
            "proved_sha256": digest(hello.secret),
            "resume_sha256": digest(resume),
            "capabilities": list(hello.capabilities),
        },
    )

"""`UserAgents` over live connections: calls a worker by id, or a user's access-point agent, starting it when needed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pydantic import JsonValue

from ink_core.agents import AccessPoint, AgentTarget, Answer, Worker
from ink_core.clock import Clock
from ink_core.errors import AgentGone, AgentLost, AgentNotConnected, DeadlineExceeded
from ink_core.spawner.client import Spawner
from manager.gate.lockout import Lockout
from manager.permits import Permits
from manager.workers.connection import WorkerConnection
from manager.workers.life import WorkerLife, digest, launched
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import AgentConfig, Place

RETURN_GRACE_S = 3.0
"""Twice what an access-point agent waits at most before it dials again."""
WORKER_RETURN_GRACE_S = 8.0
START_TIMEOUT_S = 15.0
TOKEN_LIFETIME_S = 60.0
MOST_LOST = 1024


class Accounts(Protocol):
    """How portal users map to users of the operating system."""

    def uid(self, user: str) -> int | None:
        """The uid that a worker of this user must have. Raises `SpawnRefused` for a user without an account."""
        ...

    def home(self, user: str) -> str: ...

    def workspace(self, user: str) -> str:
        """Directory that an execute agent of this user works in."""
        ...


@dataclass(frozen=True)
class AccessPointOptions:
    """What every access-point agent is started with; `pack_options` are made for each user."""

    manager_url: str
    packs: tuple[str, ...]
    pack_options: Callable[[str], Awaitable[Mapping[str, JsonValue]]]
    idle_timeout_s: float
    reconnect_for_s: float
    manager_ca: str | None = None


class ConnectedAgents:
    def __init__(
        self,
        registry: WorkerRegistry,
        spawner: Spawner,
        accounts: Accounts,
        permits: Permits,
        lockout: Lockout,
        clock: Clock,
        options: AccessPointOptions,
    ) -> None:
        self._registry = registry
        self._spawner = spawner
        self._accounts = accounts
        self._permits = permits
        self._clock = clock
        self._lockout = lockout
        self._options = options
        self._starting: dict[str, asyncio.Lock] = {}
        self._lost: dict[str, str] = {}

    async def call(
        self,
        target: AgentTarget,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        operation_id: str,
        deadline_s: float,
    ) -> JsonValue:
        answer = await self.exchange(target, method, arguments, operation_id=operation_id, deadline_s=deadline_s)
        return answer.result

    async def exchange(
        self,
        target: AgentTarget,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        payload: bytes = b"",
        operation_id: str,
        deadline_s: float,
    ) -> Answer:
        """Asked again after its agent was lost, an operation goes to that agent, which may have done it, or to none."""
        if isinstance(target, AccessPoint) and (given_to := self._lost.get(operation_id)):
            connection = await self._given(target.user, given_to)
        else:
            connection = await self._connection(target)
        approval = self._permits.seal(operation_id, connection.worker_id, method, arguments, deadline_s)
        try:
            return await connection.exchange(
                method,
                arguments,
                payload=payload,
                operation_id=operation_id,
                deadline_s=deadline_s,
                approval=approval,
            )
        except (AgentLost, DeadlineExceeded):
            self._remember(operation_id, connection.worker_id)
            raise

    def _remember(self, operation_id: str, worker_id: str) -> None:
        self._lost[operation_id] = worker_id
        if len(self._lost) > MOST_LOST:
            del self._lost[next(iter(self._lost))]

    async def _given(self, user: str, worker_id: str) -> WorkerConnection:
        self._lockout.check(user=user)
        life = await self._registry.known(worker_id)
        grace = 0.0 if life is None or life.gone else RETURN_GRACE_S
        if connection := await self._registry.arrival(Worker(worker_id), grace):
            return connection
        raise AgentLost(f"the agent {worker_id}, which was given this operation, did not come back")

    async def _connection(self, target: AgentTarget) -> WorkerConnection:
        match target:
            case Worker(worker_id):
                if connection := await self._worker(worker_id):
                    return connection
                if (life := await self._registry.known(worker_id)) and life.gone:
                    raise AgentGone(f"worker {worker_id} has ended ({life.detail}); launch another one")
                raise AgentNotConnected(f"worker {worker_id} is not connected; wait for it or launch another one")
            case AccessPoint(user):
                self._lockout.check(user=user)
                return self._registry.access_point(user) or await self._start(user)

    async def _worker(self, worker_id: str) -> WorkerConnection | None:
        """The worker's connection; one that was connected when the manager died gets a moment to dial in again."""
        life = self._registry.life(worker_id)
        expected = life is not None and life.connected and not life.gone
        grace = WORKER_RETURN_GRACE_S if expected else 0.0
        return await self._registry.arrival(Worker(worker_id), grace)

    async def _start(self, user: str) -> WorkerConnection:
        async with self._starting.setdefault(user, asyncio.Lock()):
            grace = RETURN_GRACE_S if self._expects(user) else 0.0
            if connection := await self._arrival(user, grace):
                return connection
            await self._retire(user)
            await self._spawn(user)
            if connection := await self._arrival(user, START_TIMEOUT_S):
                return connection
        raise AgentNotConnected(f"the access-point agent of {user} did not connect within {START_TIMEOUT_S:.0f} s")

    def _expects(self, user: str) -> bool:
        """Whether an agent that was connected when the manager died, or just now, may dial in again."""
        lately = self._clock.now() - timedelta(seconds=RETURN_GRACE_S)
        return any(life.connected or (life.left_at and life.left_at > lately) for life in self._absent(user))

    def _absent(self, user: str) -> list[WorkerLife]:
        """Access-point agents that have been here."""
        lives = self._registry.lives(user)
        return [life for life in lives if life.place is Place.ACCESS_POINT and life.epoch and not life.gone]

    async def _retire(self, user: str) -> None:
        """A user has one access-point agent: what comes back later than another was started is refused, and ends."""
        for life in self._absent(user):
            await self._registry.gone(life.worker_id, "it did not come back in time; another one was started")

    async def _arrival(self, user: str, timeout_s: float) -> WorkerConnection | None:
        return await self._registry.arrival(AccessPoint(user), timeout_s)

    async def _spawn(self, user: str) -> None:
        secret = secrets.token_urlsafe(32)
        life = WorkerLife(
            worker_id=f"w-{secrets.token_hex(10)}",
            user=user,
            place=Place.ACCESS_POINT,
            cluster=None,
            workspace=self._accounts.home(user),
            operation_id=f"ap-{secrets.token_hex(8)}",
            launch_sha256=digest(secret),
            expected_uid=self._accounts.uid(user),
            token_expires_at=self._clock.now() + timedelta(seconds=TOKEN_LIFETIME_S),
        )
        await self._registry.record(life.worker_id, launched(life))
        await self._spawner.spawn(user, await self._config(life, secret))

    async def _config(self, life: WorkerLife, secret: str) -> AgentConfig:
        return AgentConfig(
            manager_url=self._options.manager_url,
            worker_id=life.worker_id,
            secret=secret,
            place=life.place,
            workspace=life.workspace,
            packs=self._options.packs,
            pack_options=dict(await self._options.pack_options(life.user)),
            idle_timeout_s=self._options.idle_timeout_s,
            reconnect_for_s=self._options.reconnect_for_s,
            manager_key=self._permits.public_key,
            manager_ca=self._options.manager_ca,
        )

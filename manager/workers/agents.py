"""`UserAgents` over live connections: calls a worker by id, or a user's access-point agent, starting it when needed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from ink_core.agents import AccessPoint, AgentTarget, Worker
from ink_core.errors import AgentNotConnected
from ink_core.spawner.client import Spawner
from manager.gate.lockout import Lockout
from manager.permits import Permits
from manager.workers.connection import WorkerConnection
from manager.workers.life import WorkerLife, digest, launched
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import AgentConfig, Place

RETURN_GRACE_S = 3.0
WORKER_RETURN_GRACE_S = 8.0
START_TIMEOUT_S = 15.0


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


class ConnectedAgents:
    def __init__(
        self,
        registry: WorkerRegistry,
        spawner: Spawner,
        accounts: Accounts,
        permits: Permits,
        lockout: Lockout,
        options: AccessPointOptions,
    ) -> None:
        self._registry = registry
        self._spawner = spawner
        self._accounts = accounts
        self._permits = permits
        self._lockout = lockout
        self._options = options
        self._starting: dict[str, asyncio.Lock] = {}

    async def call(
        self,
        target: AgentTarget,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        operation_id: str,
        deadline_s: float,
    ) -> JsonValue:
        connection = await self._connection(target)
        approval = self._permits.seal(operation_id, connection.worker_id, method, arguments, deadline_s)
        return await connection.call(
            method, arguments, operation_id=operation_id, deadline_s=deadline_s, approval=approval
        )

    async def _connection(self, target: AgentTarget) -> WorkerConnection:
        match target:
            case Worker(worker_id):
                if connection := await self._worker(worker_id):
                    return connection
                raise AgentNotConnected(f"worker {worker_id} is not connected; wait for it or launch another one")
            case AccessPoint(user):
                self._lockout.check(user=user)
                return self._registry.access_point(user) or await self._start(user)

    async def _worker(self, worker_id: str) -> WorkerConnection | None:
        """The worker's connection; one that was connected when the manager died gets a moment to dial in again."""
        life = self._registry.life(worker_id)
        expected = life is not None and life.connected and not life.gone
        grace = WORKER_RETURN_GRACE_S if expected else 0.0
        return await self._registry.arrival(lambda: self._registry.connection(worker_id), grace)

    async def _start(self, user: str) -> WorkerConnection:
        async with self._starting.setdefault(user, asyncio.Lock()):
            grace = RETURN_GRACE_S if self._expects(user) else 0.0
            if connection := await self._arrival(user, grace):
                return connection
            await self._spawn(user)
            if connection := await self._arrival(user, START_TIMEOUT_S):
                return connection
        raise AgentNotConnected(f"the access-point agent of {user} did not connect within {START_TIMEOUT_S:.0f} s")

    def _expects(self, user: str) -> bool:
        """Whether an agent that was connected when the manager died may dial in again."""
        return any(life.place is Place.ACCESS_POINT and life.connected for life in self._registry.lives(user))

    async def _arrival(self, user: str, timeout_s: float) -> WorkerConnection | None:
        return await self._registry.arrival(lambda: self._registry.access_point(user), timeout_s)

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
        )

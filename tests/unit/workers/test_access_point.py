"""Access-point agents: one at a time for a user, time to come back, and no operation that two of them carry out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint
from ink_core.clock import ManualClock
from ink_core.errors import AgentLost
from ink_core.signing import SigningKey
from manager.gate.lockout import Lockout
from manager.permits import Permits
from manager.workers.agents import RETURN_GRACE_S, AccessPointOptions, ConnectedAgents
from manager.workers.connection import WorkerConnection
from manager.workers.registry import WorkerRegistry
from tests.unit.workers.test_registry import TwoWaySocket
from worker_agent.agent import LONGEST_WAIT_S
from worker_agent.protocol import PROTOCOL_VERSION, AgentConfig, Hello, Place, Refused, Welcome

ALICE = AccessPoint("alice")


class Accounts:
    def uid(self, user: str) -> int | None:
        return None

    def home(self, user: str) -> str:
        return f"/home/{user}"

    def workspace(self, user: str) -> str:
        return f"/scratch/{user}"


class Agent:
    """The far end of an access-point agent, which answers every call but one with its own number."""

    def __init__(self, number: int, config: AgentConfig) -> None:
        self.number = number
        self.worker_id = config.worker_id
        self.secret = config.secret
        self.socket = TwoWaySocket()
        self.connection: WorkerConnection | None = None
        self.tasks: list[asyncio.Task[None]] = []

    async def dial(self, registry: WorkerRegistry) -> Refused | None:
        self.socket = TwoWaySocket()
        hello = Hello(
            version=PROTOCOL_VERSION,
            worker_id=self.worker_id,
            secret=self.secret,
            place=Place.ACCESS_POINT,
            user="alice",
            uid=2001,
            host="portal",
            job_id=None,
            capabilities=(),
        )
        accepted = await registry.accept(hello, self.socket)
        if isinstance(accepted, Refused):
            return accepted
        self.secret = Welcome.model_validate_json(await self.socket.sent.get()).resume_secret
        self.connection = accepted
        self.tasks = [asyncio.create_task(accepted.serve()), asyncio.create_task(self._answer(self.socket))]
        return None

    async def leave(self, registry: WorkerRegistry) -> None:
        """The connection breaks."""
        assert self.connection is not None
        await self.socket.incoming.put(None)
        await self.tasks[0]
        self.tasks[1].cancel()
        await registry.dropped(self.connection)

    async def _answer(self, socket: TwoWaySocket) -> None:
        while True:
            request: dict[str, Any] = json.loads(await socket.sent.get())
            answer = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": self.number})
            await socket.incoming.put(None if request["method"] == "never.answered" else answer)


class Centre:
    """A manager that can be restarted, and the agents that its spawner started."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.ledger = MemoryLedger(self.clock)
        self.started: list[Agent] = []
        self.registry, self.agents = self._manager()

    async def spawn(self, user: str, config: AgentConfig) -> int:
        self.started.append(agent := Agent(len(self.started), config))
        await agent.dial(self.registry)
        return 0

    async def restart(self) -> None:
        self.registry, self.agents = self._manager()
        await self.registry.recover()

    async def call(self, operation: str, method: str = "files.stat") -> object:
        return await self.agents.call(ALICE, method, {}, operation_id=operation, deadline_s=5)

    def _manager(self) -> tuple[WorkerRegistry, ConnectedAgents]:
        async def no_options(user: str) -> dict[str, Any]:
            return {}

        registry = WorkerRegistry(self.ledger, self.clock)
        permits = Permits(SigningKey(b"k" * 32), self.clock)
        options = AccessPointOptions("ws://manager", (), no_options, 60, 60)
        return registry, ConnectedAgents(registry, self, Accounts(), permits, Lockout(), self.clock, options)


async def test_one_agent_is_started_and_serves_all_calls_of_its_user() -> None:
    centre = Centre()
    assert [await centre.call(f"op-0000000{n}") for n in range(3)] == [0, 0, 0]
    assert len(centre.started) == 1


async def test_an_agent_of_a_manager_that_was_restarted_is_waited_for_and_no_second_one_is_started() -> None:
    centre = Centre()
    await centre.call("op-00000001")
    await centre.restart()
    calling = asyncio.create_task(centre.call("op-00000002"))
    await asyncio.sleep(0)
    await centre.started[0].dial(centre.registry)
    assert await calling == 0
    assert len(centre.started) == 1


async def test_an_agent_whose_connection_broke_just_now_is_waited_for_too() -> None:
    centre = Centre()
    await centre.call("op-00000001")
    await centre.started[0].leave(centre.registry)
    calling = asyncio.create_task(centre.call("op-00000002"))
    await asyncio.sleep(0)
    await centre.started[0].dial(centre.registry)
    assert await calling == 0
    assert len(centre.started) == 1


async def test_an_agent_that_comes_back_after_another_one_was_started_is_refused() -> None:
    centre = Centre()
    await centre.call("op-00000001")
    await centre.started[0].leave(centre.registry)
    centre.clock.advance(RETURN_GRACE_S + 1)
    assert await centre.call("op-00000002") == 1
    refused = await centre.started[0].dial(centre.registry)
    assert refused is not None and (refused.code, refused.retryable) == ("unknown_worker", False)
    assert await centre.call("op-00000003") == 1


async def test_an_operation_of_a_lost_agent_is_not_given_to_another_one() -> None:
    centre = Centre()
    with pytest.raises(AgentLost):
        await centre.call("op-00000001", "never.answered")
    await centre.registry.dropped(_connection(centre.started[0]))
    centre.clock.advance(RETURN_GRACE_S + 1)
    assert await centre.call("op-00000002") == 1
    with pytest.raises(AgentLost, match="did not come back"):
        await centre.call("op-00000001")


async def test_an_operation_of_a_lost_agent_is_finished_by_that_agent_when_it_is_back() -> None:
    centre = Centre()
    with pytest.raises(AgentLost):
        await centre.call("op-00000001", "never.answered")
    await centre.registry.dropped(_connection(centre.started[0]))
    calling = asyncio.create_task(centre.call("op-00000001"))
    await asyncio.sleep(0)
    await centre.started[0].dial(centre.registry)
    assert await calling == 0


def test_an_agent_dials_again_well_within_the_time_that_is_waited_for_it() -> None:
    assert LONGEST_WAIT_S[Place.ACCESS_POINT] <= RETURN_GRACE_S / 2


def _connection(agent: Agent) -> WorkerConnection:
    assert agent.connection is not None
    return agent.connection

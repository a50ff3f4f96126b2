"""The whole application with real access-point agents in this process: real frames, real files, no other process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

from ink_core.identity.principal import Scope
from ink_core.storage.root.agent_pack import root_pack
from manager.workers.connection import Closed, WorkerConnection
from manager.workers.registry import WorkerRegistry
from tests.security.application import application, client, signed_in
from worker_agent.methods import file_handlers, method_table
from worker_agent.operations import Operations
from worker_agent.permits import PermitCheck
from worker_agent.protocol import METHODS, PROTOCOL_VERSION, AgentConfig, Frame, Hello, PackMethod, Refused, Welcome
from worker_agent.sandbox import Sandbox
from worker_agent.server import Server
from worker_agent.threads import Threads


def _root_pack(home: str) -> Mapping[str, PackMethod]:
    return root_pack({"home": home})


class AgentSocket:
    """The manager's end of a connection whose other end is a real agent's server. `frames` are what the agent sent."""

    def __init__(self, server: Server, operations: Operations) -> None:
        self._server = server
        self._operations = operations
        self._answers: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._answering: set[asyncio.Task[None]] = set()

    async def send(self, frame: Frame) -> None:
        if self._operations.epoch is None:
            assert isinstance(frame, str)
            self._operations.epoch = Welcome.model_validate_json(frame).epoch
            return
        task = asyncio.create_task(self._answer(frame))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def receive(self) -> Frame:
        answer = await self._answers.get()
        if answer is None:
            raise Closed
        return answer

    async def close(self, code: int, reason: str) -> None:
        await self._answers.put(None)

    async def _answer(self, frame: Frame) -> None:
        await self._answers.put(await self._server.answer(frame))


class AgentsInProcess:
    """A spawner whose agents live here, each with the pack of its home."""

    def __init__(self, pack: Callable[[str], Mapping[str, PackMethod]] = _root_pack) -> None:
        self._pack = pack
        self.registry: WorkerRegistry | None = None
        self.connections: list[WorkerConnection] = []
        self._serving: list[asyncio.Task[None]] = []
        self._ends: list[Any] = []
        self._workspaces: dict[str, str] = {}

    async def spawn(self, user: str, config: AgentConfig) -> int:
        assert self.registry is not None
        self._workspaces[user] = config.workspace
        sandbox, threads, operations = Sandbox(config.workspace), Threads(), Operations()
        handlers = file_handlers(sandbox, threads)
        others = {name: handlers["files.list"] for name in METHODS if name not in handlers}

        async def no_digest(path: str) -> str | None:
            return None

        permits = PermitCheck(config.worker_id, config.manager_key, no_digest)
        methods = {**method_table({**others, **handlers}), **self._pack(config.workspace)}
        socket = AgentSocket(Server(methods, operations, permits), operations)
        hello = Hello(
            version=PROTOCOL_VERSION,
            worker_id=config.worker_id,
            secret=config.secret,
            place=config.place,
            user=user,
            uid=os.getuid(),
            host="portal",
            job_id=None,
            capabilities=(),
        )
        accepted = await self.registry.accept(hello, socket)
        assert not isinstance(accepted, Refused)
        self.connections.append(accepted)
        self._serving.append(asyncio.create_task(accepted.serve()))
        self._ends += [threads, sandbox]
        return 1

    def workspace(self, user: str) -> Path:
        """Of an agent that was started."""
        return Path(self._workspaces[user])

    async def close(self) -> None:
        for connection in self.connections:
            await connection.close(1000, "the test is over")
        await asyncio.gather(*self._serving)
        for end in self._ends:
            end.close()


@dataclass
class Site:
    """A site with the user alice, her home, and a client with her session. `token` makes headers of a token."""

    app: FastAPI
    http: httpx2.AsyncClient
    home: Path
    agents: AgentsInProcess

    async def browser(self, username: str, *, is_admin: bool = False) -> dict[str, str]:
        return await signed_in(self.app, username, is_admin=is_admin)

    async def token(self, *scopes: Scope) -> dict[str, str]:
        wanted = {"name": "test", "scopes": [scope.value for scope in scopes], "lifetime_s": 600}
        answer = await self.http.post("/api/v1/tokens", json=wanted)
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}


@asynccontextmanager
async def site_of_alice(data_dir: Path, agents: AgentsInProcess | None = None) -> AsyncGenerator[Site]:
    agents = agents or AgentsInProcess()
    async with application(data_dir, spawner=agents) as app, client(app) as http:
        agents.registry = app.state.platform.registry
        http.headers.update(await signed_in(app, "alice"))
        assert (await http.get("/api/v1/files")).status_code == 200  # which starts her agent
        try:
            yield Site(app, http, agents.workspace("alice"), agents)
        finally:
            await agents.close()

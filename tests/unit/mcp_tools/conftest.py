"""A small computing centre: two clusters in memory, and a real agent's file and process methods in a directory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from ink_core.agents import AccessPoint, AgentTarget, Worker
from ink_core.compute.model import JobState
from ink_core.errors import AgentFault
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from mcp_tools.catalogue import default_catalogue
from mcp_tools.context import Leave, ToolContext
from mcp_tools.doubles import MemoryAgents, MemoryQueues, MemoryScheduler, memory_job, services
from mcp_tools.invoke import invoke
from mcp_tools.spec import Binding, Preview, ToolSpec, ToolValue
from worker_agent.background import Background
from worker_agent.methods import file_handlers, method_table, process_handlers, terminal_handlers
from worker_agent.process import Processes
from worker_agent.protocol import Call, PackError, Wire
from worker_agent.sandbox import Sandbox
from worker_agent.terminal import TerminalService
from worker_agent.threads import Threads

WORKER = "w-0123456789ab"


class WorkspaceAgent:
    """The real methods of a worker agent, called directly: no connection, no process of its own."""

    def __init__(self, workspace: Path) -> None:
        self._sandbox = Sandbox(str(workspace))
        self._terminals = TerminalService(self._sandbox, self._notify)
        self._background = Background(self._sandbox)
        handlers = {
            **file_handlers(self._sandbox, Threads()),
            **process_handlers(Processes(self._sandbox, self._notify), self._background),
            **terminal_handlers(self._terminals),
        }
        of_the_process = ("worker.ping", "worker.shutdown", "operation.outcome", "witness.cosign")
        not_here = dict.fromkeys(of_the_process, handlers["files.list"])
        self._methods = method_table({**handlers, **not_here})

    async def __call__(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        declared = self._methods[method]
        call = Call(operation_id="operation-in-test", epoch=1, deadline_s=30)
        try:
            result = await declared.handler(declared.arguments.model_validate(dict(arguments)), call)
        except PackError as error:
            fault = error.fault
            raise AgentFault(fault.message, code=fault.code, retryable=fault.retryable) from error
        return result.model_dump(mode="json")

    async def close(self) -> None:
        for terminal in (await self("terminal.list", {}))["terminals"]:  # type: ignore[index,call-overload]
            await self("terminal.close", {"terminal_id": terminal["terminal_id"]})  # type: ignore[index,call-overload]
        await self._background.close()
        self._sandbox.close()

    async def _notify(self, method: str, wire: Wire) -> None:
        """Output of processes and terminals is not looked at here."""


@dataclass
class Centre:
    """Tools as the gate runs them: parse, resolve, preview, then run with a permit."""

    queues: MemoryQueues
    agents: MemoryAgents
    context: ToolContext
    home: Path
    workspace: Path

    def spec(self, tool: str) -> ToolSpec:
        return default_catalogue().get(tool)

    def of(self, user: str, *, acting_as: str | None = None, worker_id: str | None = None) -> Centre:
        """The same centre for another user, or in a worker."""
        scopes = ADMIN_SCOPES if user == "admin" else USER_SCOPES
        principal = Principal(username=user, is_admin=user == "admin", scopes=scopes, credential="test")
        context = replace(self.context, principal=principal, acting_as=acting_as or user, worker_id=worker_id)
        return replace(self, context=context)

    async def resolve(self, tool: str, **arguments: Any) -> ToolValue:
        spec = self.spec(tool)
        asked = spec.parse(arguments)
        return await spec.resolve(self.context, asked) if spec.resolve else asked

    async def preview(self, tool: str, **arguments: Any) -> Preview:
        spec = self.spec(tool)
        assert spec.preview
        return await spec.preview(self.context, await self.resolve(tool, **arguments))

    async def bind(self, tool: str, **arguments: Any) -> Binding:
        """What an approval of this call would be bound to."""
        spec = self.spec(tool)
        assert spec.bind
        return await spec.bind(self.context, await self.resolve(tool, **arguments))

    async def diff(self, tool: str, **arguments: Any) -> str | None:
        """What the approver would be shown of the change."""
        spec = self.spec(tool)
        assert spec.diff
        return await spec.diff(self.context, await self.resolve(tool, **arguments))

    async def run(self, tool: str, operation: str = "", **arguments: Any) -> dict[str, Any]:
        """The result as the gate records it. Each run is an operation of its own unless one is named."""
        operation = operation or f"op-{tool}-{len(self.agents.calls)}"
        context = replace(self.context, operation_id=operation, leave=Leave("c-1", tool))
        result = await invoke(self.spec(tool), context, await self.resolve(tool, **arguments))
        return result.model_dump(mode="json")

    async def reconcile(self, tool: str, operation: str, **arguments: Any) -> dict[str, Any] | None:
        """What the world says of an operation after a crash."""
        spec = self.spec(tool)
        assert spec.reconcile
        context = replace(self.context, operation_id=operation, leave=Leave("c-1", tool))
        result = await spec.reconcile(context, await self.resolve(tool, **arguments))
        return result.model_dump(mode="json") if result else None


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    home, workspace = tmp_path / "home", tmp_path / "workspace"
    home.mkdir()
    workspace.mkdir()
    pool = [
        memory_job("1.0", "alice"),
        memory_job("1.1", "alice", JobState.HOLDING),
        memory_job("2.0", "bob"),
        memory_job("3.0", "alice", JobState.COMPLETED),
    ]
    queues = MemoryQueues({"pool": pool, "slurm": [memory_job("77", "alice", cluster="slurm")]})
    at_home, in_worker = WorkspaceAgent(home), WorkspaceAgent(workspace)
    users = ("alice", "bob", "admin")
    schedulers: dict[AgentTarget, MemoryScheduler] = {AccessPoint(u): MemoryScheduler(queues, u) for u in users}
    agents = MemoryAgents({AccessPoint("alice"): at_home, Worker(WORKER): in_worker}, schedulers)
    alice = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="test")
    context = ToolContext(alice, "alice", "op-00000001", 30, None, services(agents, queues), None)
    yield Centre(queues, agents, context, home, workspace)
    await at_home.close()
    await in_worker.close()

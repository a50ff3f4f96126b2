"""The Tasks extension: a call that goes on after its request is a task, which the client polls, answers and cancels.

A task is the call itself, and its id the call's: what it shows comes from the ledger, so that it outlives a restart,
and only the user whose call it is can see it. What only memory has are the questions that a run puts to its client.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mcp import MCPError, types
from mcp.server import Server
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from ink_core.errors import InkError, NotFound
from ink_core.identity.principal import Principal
from mcp_tools.conversation import Context, lacks
from mcp_tools.gate_port import CallView
from mcp_tools.server.approval_pages import approval_question, shows_addresses
from mcp_tools.server.conversations import Conversations
from mcp_tools.server.parts import Parts
from mcp_tools.server.task_wire import (
    EXTENSION,
    KEPT,
    NEEDED,
    TaskParams,
    UpdateTaskParams,
    failure_of,
    responses,
    status_of,
    task_fields,
    wire,
)

NAME_HEADER = "mcp-name"
APPROVAL = "approval"
Final = Callable[[CallView], types.CallToolResult]


def knows_tasks(context: Context) -> bool:
    """Whether this request's client declared the extension; it does not exist before 2026-07-28."""
    client = context.session.client_capabilities
    return (
        context.protocol_version in MODERN_PROTOCOL_VERSIONS
        and client is not None
        and EXTENSION in (client.extensions or {})
    )


class Tasks:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.conversations = Conversations()

    def serve(self, server: Server[Any], final: Final) -> None:
        """Take up the extension's methods; `final` writes the result of a call that ended."""
        self._final = final
        server.extensions[EXTENSION] = {}
        server.add_request_handler("tasks/get", TaskParams, self._get)
        server.add_request_handler("tasks/update", UpdateTaskParams, self._update)
        server.add_request_handler("tasks/cancel", TaskParams, self._cancel)

    async def created(self, principal: Principal, context: Context, call_id: str) -> dict[str, Any]:
        view = await self._parts.gate.view(principal, call_id, wait_s=0)
        return {"resultType": "task", **await self._described(principal, context, view)}

    async def _get(self, context: Context, asked: TaskParams) -> dict[str, Any]:
        principal, view = await self._found(context, asked)
        task = await self._described(principal, context, view)
        if task["status"] == "input_required":
            return {**task, "inputRequests": {key: wire(one) for key, one in self._asks(context, view).items()}}
        if task["status"] == "completed":
            return {**task, "result": wire(self._final(view))}
        return {**task, "error": failure_of(view)} if task["status"] == "failed" else task

    async def _update(self, context: Context, asked: UpdateTaskParams) -> dict[str, Any]:
        principal, view = await self._found(context, asked)
        answers = responses(self._asks(context, view), asked.input_responses)
        if talk := self.conversations.find(view.call_id):
            talk.answer(context, answers)
        decided = answers.get(APPROVAL)
        if view.status == "waiting_approval" and isinstance(decided, types.ElicitResult) and decided.action != "accept":
            await self._parts.gate.stop(principal, view.call_id)
        return {}

    async def _cancel(self, context: Context, asked: TaskParams) -> dict[str, Any]:
        principal, view = await self._found(context, asked)
        if view.status in ("running", "waiting_approval"):
            await self._parts.gate.stop(principal, view.call_id)
        return {}

    async def _found(self, context: Context, asked: TaskParams) -> tuple[Principal, CallView]:
        """The call behind a task. Raises `MCPError` for a client that knows no tasks, and for a task it has not."""
        if not knows_tasks(context):
            raise lacks(NEEDED)
        _check_name(context, asked.task_id)
        principal = self._parts.who_asks(context)
        try:
            view = await self._parts.gate.view(principal, asked.task_id, wait_s=0)
            times = await self._parts.gate.times(principal, asked.task_id)
            if self._parts.clock.now() > times.created_at + KEPT:
                raise NotFound(f"task {asked.task_id} is over")
        except InkError as problem:
            raise MCPError(types.INVALID_PARAMS, str(problem), {"code": problem.code}) from problem
        if view.status not in ("running", "waiting_approval"):
            self.conversations.end(view.call_id)
        return principal, view

    async def _described(self, principal: Principal, context: Context, view: CallView) -> dict[str, Any]:
        times = await self._parts.gate.times(principal, view.call_id)
        return task_fields(view, times, status_of(view, asks=bool(self._asks(context, view))))

    def _asks(self, context: Context, view: CallView) -> dict[str, types.InputRequest]:
        """What the task waits for from its client: an approval, on the page, or answers to its run."""
        if view.status == "waiting_approval" and self._parts.approval_address and shows_addresses(context):
            return {APPROVAL: approval_question(view, self._parts.approval_address)}
        talk = self.conversations.find(view.call_id)
        return dict(talk.open) if talk else {}


def _check_name(context: Context, task_id: str) -> None:
    """Over HTTP, `Mcp-Name` names the task, for whoever routes by headers (SEP-2243); it must say the same."""
    if context.request is None:
        return
    if context.request.headers.get(NAME_HEADER) != task_id:
        raise MCPError(types.HEADER_MISMATCH, f"the header {NAME_HEADER} must be the taskId of the request")

"""`tools/call`: one call through the gate, answered by its result, by its state, by questions, or by a task.

A call is answered at once where it ends soon. One that waits for approval, or takes long, becomes a task for a client
that knows tasks, and a state to poll with `get_call` for any other. A client that can show people an address is given
that of the approval. A request that is given up ends what it started, as far as that can be ended.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import anyio
from mcp import MCPError, types
from pydantic import ValidationError

from ink_core.errors import InkError, UnknownTool
from ink_core.identity.principal import Principal
from mcp_tools.answers import GET_CALL, AskForCall, answer, error, state_of_call
from mcp_tools.content import Content, result_of
from mcp_tools.conversation import Context, Conversation, speaking
from mcp_tools.gate_port import CallView
from mcp_tools.server.approval_pages import approval_question, shows_addresses
from mcp_tools.server.heartbeat import beating
from mcp_tools.server.log_levels import LogLevels
from mcp_tools.server.parts import Parts
from mcp_tools.server.tasks import Tasks, knows_tasks

ORIGIN = "mcp"
WAIT_S = 30.0
STOP_S = 10.0
Answer = types.CallToolResult | types.InputRequiredResult | dict[str, Any]


class Calls:
    def __init__(self, parts: Parts, tasks: Tasks, levels: LogLevels) -> None:
        self._parts = parts
        self._tasks = tasks
        self._levels = levels

    async def handle(self, context: Context, asked: types.CallToolRequestParams) -> Answer:
        principal = self._parts.who_asks(context)
        try:
            if asked.name == GET_CALL:
                return await self._get_call(principal, asked)
            if asked.request_state is not None:
                return await self._go_on(principal, context, asked)
            return await self._begin(principal, context, asked)
        except InkError as problem:
            return error(f"{problem.code}: {problem}")

    async def _begin(self, principal: Principal, context: Context, asked: types.CallToolRequestParams) -> Answer:
        call_id = f"c-{secrets.token_hex(12)}"
        talk = Conversation(context, asked.input_responses, loud_from=self._levels.of(context))
        proposing = self._parts.gate.call(
            principal,
            asked.name,
            asked.arguments or {},
            origin=ORIGIN,
            chain=f"{ORIGIN}:{principal.credential}",
            wait_s=self._patience(context),
            call_id=call_id,
        )
        with speaking(talk), self._tasks.conversations.of(call_id, talk):
            view = await self._followed(principal, call_id, talk, context, proposing)
        return await self._answered(principal, context, call_id, talk, view)

    async def _go_on(self, principal: Principal, context: Context, asked: types.CallToolRequestParams) -> Answer:
        """The next round of a call that the sealed state names: with answers for its run, or after an approval."""
        assert asked.request_state is not None
        call_id = asked.request_state
        talk = self._tasks.conversations.find(call_id) or Conversation(context)
        talk.answer(context, asked.input_responses or {})
        looking = self._parts.gate.view(principal, call_id, wait_s=self._patience(context))
        with self._tasks.conversations.of(call_id, talk):
            view = await self._followed(principal, call_id, talk, context, looking)
        return await self._answered(principal, context, call_id, talk, view)

    def _patience(self, context: Context) -> float:
        return self._parts.task_after_s if knows_tasks(context) else WAIT_S

    async def _followed(
        self,
        principal: Principal,
        call_id: str,
        talk: Conversation,
        context: Context,
        coming: Coroutine[Any, Any, CallView],
    ) -> CallView | None:
        """The call as it is when there is something to say; None where its run has news for the client instead."""
        try:
            async with beating(context):
                return await self._first(talk, context, coming) if self._converses(context) else await coming
        except asyncio.CancelledError:
            with anyio.CancelScope(shield=True), anyio.move_on_after(STOP_S), suppress(InkError):
                await self._parts.gate.stop(principal, call_id)
            raise

    def _converses(self, context: Context) -> bool:
        name = (context.params or {}).get("name")
        try:
            return isinstance(name, str) and self._parts.catalogue.get(name).converses
        except UnknownTool:
            return False

    async def _first(
        self, talk: Conversation, context: Context, coming: Coroutine[Any, Any, CallView]
    ) -> CallView | None:
        news = asyncio.ensure_future(_worth_answering(talk, context))
        view = asyncio.ensure_future(coming)
        try:
            await asyncio.wait({news, view}, return_when=asyncio.FIRST_COMPLETED)
            return view.result() if view.done() else None
        finally:
            news.cancel()
            view.cancel()

    async def _answered(
        self, principal: Principal, context: Context, call_id: str, talk: Conversation, view: CallView | None
    ) -> Answer:
        if talk.refusal:
            raise talk.refusal
        if talk.is_long and knows_tasks(context):
            return await self._tasks.created(principal, context, call_id)
        if view is not None and view.status not in ("running", "waiting_approval"):
            return self.final(view)
        if view is None and talk.open:
            return types.InputRequiredResult(input_requests=dict(talk.open), request_state=call_id)
        if knows_tasks(context):
            return await self._tasks.created(principal, context, call_id)
        assert view is not None, "there is no other news than these"
        if view.status == "waiting_approval" and shows_addresses(context) and self._parts.approval_address:
            question = approval_question(view, self._parts.approval_address)
            return types.InputRequiredResult(input_requests={"approval": question}, request_state=call_id)
        return self.final(view)

    def final(self, view: CallView) -> types.CallToolResult:
        """Raises `MCPError` where the tool does not exist."""
        if view.error and view.error.code == "unknown_tool":
            raise MCPError(types.INVALID_PARAMS, view.error.message)
        if view.status == "done" and self._parts.catalogue.get(view.tool).output is Content:
            return result_of(view.result) or answer(view)
        return answer(view)

    async def _get_call(self, principal: Principal, asked: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            wanted = AskForCall.model_validate(asked.arguments or {})
        except ValidationError as mistakes:
            first = mistakes.errors(include_url=False, include_input=False)[0]
            return error(f"bad_input: get_call: {'.'.join(map(str, first['loc']))}: {first['msg']}")
        return state_of_call(await self._parts.gate.view(principal, wanted.call_id, wait_s=wanted.wait_s))


async def _worth_answering(talk: Conversation, context: Context) -> None:
    """Back when the client must hear from the run: a question, a refusal, or, if it knows tasks, that it takes long."""
    while True:
        await talk.news.wait()
        if talk.refusal or (talk.is_long and knows_tasks(context)) or (talk.open and not talk.is_long):
            return
        talk.news.clear()

"""The gate as people and programs meet it: one call in, one `CallView` out, for REST, the page and MCP.

(The model's calls come from the sessions' runner, which reads their course from the ledger instead of waiting for it.)
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping

from pydantic import JsonValue

from ink_core.identity.principal import Principal
from manager.gate.admission import Proposal
from manager.gate.call import CallState
from manager.gate.gate import Gate
from manager.gate.policy import Origin
from mcp_tools.gate_port import CallProblem, CallView


class GateDoor:
    """Implements the MCP server's `CallGate`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def call(
        self,
        principal: Principal,
        tool: str,
        arguments: Mapping[str, JsonValue],
        *,
        origin: str,
        chain: str,
        wait_s: float,
        worker_id: str | None = None,
    ) -> CallView:
        """Propose one call; back when it ended, waits for approval, or after `wait_s`."""
        call_id = f"c-{secrets.token_hex(12)}"
        await self._gate.propose(Proposal(call_id, tool, arguments, principal, Origin(origin), chain, worker_id))
        await asyncio.sleep(0)  # so that the call is on its way before anything is made ready to wait for it
        return call_view(await self._gate.wait(call_id, wait_s))

    async def view(self, principal: Principal, call_id: str, *, wait_s: float) -> CallView:
        """One of this user's calls. Raises `CallNotFound`, also for somebody else's; `Forbidden` for lack of scopes."""
        self._gate.results.visible(principal, call_id)
        return call_view(await self._gate.wait(call_id, wait_s))


def call_view(state: CallState) -> CallView:
    error = state.error and CallProblem(
        code=state.error.code, message=state.error.message, retryable=state.error.retryable
    )
    return CallView.model_construct(  # typed already, and the result of a call may be large
        call_id=state.call_id,
        tool=state.tool,
        arguments=dict(state.arguments),
        status=state.status.value,
        result=state.result,
        error=error,
        approval_id=state.approval.approval_id if state.approval else None,
        preview=dict(state.approval.preview) if state.approval else None,
    )

"""The gate as people and programs meet it: one call in, one `CallView` out, for REST, the page and MCP.

(The model's calls come from the sessions' runner, which reads their course from the ledger instead of waiting for it.)
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping

from pydantic import JsonValue

from audit.canonical import canonical_json, sha256_hex
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal
from manager.gate.admission import Proposal
from manager.gate.call import CallState
from manager.gate.gate import Gate
from manager.gate.policy import Origin
from mcp_tools.gate_port import CallProblem, CallTimes, CallView

STOPS_WITHIN_S = 5.0
MAX_ATTEMPTS = 100
"""Of one keyed request that did nothing each time; after that its last answer stays."""


class KeyReused(BadInput):
    """The client gave the key of an earlier request to a different one."""

    code = "idempotency_key_reused"


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
        key: str | None = None,
        call_id: str | None = None,
    ) -> CallView:
        """Propose one call; back when it ended, waits for approval, or after `wait_s`.

        `key` names the request among its user's on this chain: sent again, also after a crash, it is the same call,
        unless that one did nothing. Raises `KeyReused` for another request under a known key, `Forbidden` for an
        earlier call that this credential could not have made itself. `call_id` is a new one that the caller made.
        """
        if key is not None:
            call_id = await self._keyed(principal.username, key, chain)
        call_id = call_id or f"c-{secrets.token_hex(12)}"
        request = None if key is None else sha256_hex(canonical_json([tool, dict(arguments), worker_id]))
        proposal = Proposal(
            call_id, tool, arguments, principal, Origin(origin), chain, worker_id, request_sha256=request
        )
        state = await self._gate.propose(proposal)
        await asyncio.sleep(0)  # so that the call is on its way before anything is made ready to wait for it
        if state.request_sha256 != request:
            raise KeyReused("this Idempotency-Key belongs to an earlier, different request; take a new key")
        if state.principal != principal:
            self._gate.results.visible(principal, call_id)
        return call_view(await self._gate.wait(call_id, wait_s))

    async def answered(self, username: str, key: str, chain: str) -> bool:
        """Whether a call under this key gets the answer of an earlier one."""
        return await self._gate.recalled(username, await self._keyed(username, key, chain), chain) is not None

    async def _keyed(self, username: str, key: str, chain: str) -> str:
        """The id of the call that this key names on this chain: the first that may have had an effect, else the next.

        One key on two chains is two calls, since a call that has left memory is looked for on its own chain.
        """
        call_id = ""
        for attempt in range(MAX_ATTEMPTS):
            call_id = f"c-{sha256_hex(canonical_json([username, chain, key, attempt]))[:24]}"
            earlier = await self._gate.recalled(username, call_id, chain)
            if earlier is None or not earlier.did_nothing:
                break
        return call_id

    async def view(self, principal: Principal, call_id: str, *, wait_s: float) -> CallView:
        """One of this user's calls. Raises `CallNotFound`, also for somebody else's; `Forbidden` for lack of scopes."""
        self._gate.results.visible(principal, call_id)
        return call_view(await self._gate.wait(call_id, wait_s))

    async def times(self, principal: Principal, call_id: str) -> CallTimes:
        state = self._gate.results.visible(principal, call_id)
        assert state.proposed_at is not None and state.changed_at is not None, "the ledger has times"
        return CallTimes(state.proposed_at, state.changed_at)

    async def stop(self, principal: Principal, call_id: str) -> CallView:
        """End one of this user's calls; back when it ended, or after a while where it cannot be ended."""
        self._gate.results.visible(principal, call_id)
        await self._gate.stop(call_id, principal.username)
        return call_view(await self._gate.wait(call_id, STOPS_WITHIN_S))


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

"""The core's actions through the gate: one call as a person's or program's own, recorded on its user's portal chain."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from ink_core.api.actions import ActionFailed, Precondition, RequestKey, StillRunning, WaitsForApproval
from ink_core.identity.principal import Principal
from manager.gate.door import GateDoor
from manager.gate.policy import Origin
from mcp_tools.gate_port import CallView

WAIT_S = 60.0


class GatedActions:
    """Implements `ink_core.api.actions.Actions`."""

    def __init__(self, door: GateDoor) -> None:
        self._door = door

    async def call(
        self,
        principal: Principal,
        tool: str,
        arguments: Mapping[str, JsonValue],
        *,
        key: RequestKey | None = None,
        only_if: Precondition | None = None,
    ) -> JsonValue:
        chain = portal_chain(principal)
        replayed = await answered(self._door, principal, key, chain)
        if only_if is not None and not replayed:
            await only_if()
        view = await self._door.call(
            principal,
            tool,
            arguments,
            origin=origin_of(principal),
            chain=chain,
            wait_s=WAIT_S,
            key=None if key is None else key.text,
        )
        return _result(view, replayed=replayed)


async def answered(door: GateDoor, principal: Principal, key: RequestKey | None, chain: str) -> bool:
    """Whether the answer is an earlier call's, which it is then marked as."""
    if key is None or not await door.answered(principal.username, key.text, chain):
        return False
    key.mark_replayed()
    return True


def origin_of(principal: Principal) -> Origin:
    """A signed-in browser acts for its user's own hand; a token acts for a program."""
    return Origin.USER if principal.credential.startswith("session:") else Origin.REST


def portal_chain(principal: Principal) -> str:
    return f"portal:{principal.username}"


def _result(view: CallView, *, replayed: bool) -> JsonValue:
    if view.status == "done":
        return view.result
    if view.status == "waiting_approval":
        raise WaitsForApproval(view.tool, view.call_id, view.approval_id or "")
    if view.error is None:
        raise StillRunning(view.tool, view.call_id)
    raise ActionFailed(view.error.message, code=view.error.code, retryable=view.error.retryable, replayed=replayed)

"""From a call that the policy asks about to what an approver decides on: the request, and what it is bound to."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from pydantic import JsonValue

from audit.redaction import redact
from ink_core.errors import DeadlineExceeded
from ink_core.identity.principal import Principal
from manager.gate.admission import PREVIEW_DEADLINE_S, Admitted, Proposal
from manager.gate.approvals import ApprovalRequest, LaterCall
from manager.gate.call import CallState
from manager.gate.policy import Approver
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import Services, ToolContext
from mcp_tools.spec import Binding, Preview, RunsOn, Seen, ToolSpec

T = TypeVar("T")


class Binder:
    """Looks at the files and jobs that an approval is bound to: when it is asked for, and before the call runs."""

    def __init__(self, catalogue: Catalogue, services: Services) -> None:
        self._catalogue = catalogue
        self._services = services

    async def bind(self, proposal: Proposal, admitted: Admitted) -> Binding:
        """With the change in lines, for the approver. Raises an `InkError` where that cannot be seen now.

        What a file holds that nobody has read yet is told to no reader of the conversation: the page shows its hunks to
        the one who asked, from that one's own look.
        """
        spec, asked = admitted.spec, admitted.spec.parse(admitted.arguments)
        context = self._context(proposal.principal, proposal.worker_id, proposal.call_id)
        bound = await _looked(spec, spec.bind(context, asked)) if spec.bind else Binding()
        own = admitted.decision.approver is Approver.REQUESTER and spec.runs_on is RunsOn.EXECUTE
        diff = await _looked(spec, spec.diff(context, asked)) if spec.diff and not (own and proposal.readers) else None
        return Binding(seen=bound.seen, unbound=bound.unbound, diff=diff)

    async def look(self, state: CallState) -> tuple[Seen, ...]:
        """The same things again for a call that waits, with the whole arguments."""
        spec = self._catalogue.get(state.tool)
        if spec.bind is None:
            return ()
        context = self._context(state.principal, state.worker_id, state.call_id)
        return (await _looked(spec, spec.bind(context, spec.parse(state.arguments)))).seen

    def _context(self, principal: Principal, worker_id: str | None, call_id: str) -> ToolContext:
        return ToolContext(
            principal=principal,
            acting_as=principal.username,
            operation_id=f"look-{call_id}",
            deadline_s=PREVIEW_DEADLINE_S,
            worker_id=worker_id,
            services=self._services,
            leave=None,
        )


async def _looked(spec: ToolSpec, look: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(PREVIEW_DEADLINE_S):
            return await look
    except TimeoutError as error:
        raise DeadlineExceeded(
            f"looking at what {spec.name} would touch took over {PREVIEW_DEADLINE_S:.0f} s"
        ) from error


def request_for(
    proposal: Proposal, admitted: Admitted, binding: Binding, now: datetime, lifetime_s: float
) -> ApprovalRequest:
    """Secrets are taken out here, so that what is signed and shown is what is recorded."""
    decision = admitted.decision
    return ApprovalRequest(
        approval_id=f"a-{secrets.token_hex(8)}",
        call_id=proposal.call_id,
        chain=proposal.chain,
        tool=proposal.tool,
        arguments=_redacted(dict(admitted.arguments)),
        requester=proposal.principal.username,
        worker_id=proposal.worker_id,
        risk=decision.risk,
        rule=decision.rule,
        reason=decision.reason,
        policy_version=decision.policy_version,
        preview=_redacted(_with_agent(admitted.preview, proposal.agent).model_dump(mode="json")),
        requested_at=now,
        expires_at=now + timedelta(seconds=lifetime_s),
        approver=decision.approver,
        persons=decision.persons,
        fresh_login_s=decision.fresh_login_s,
        seen=binding.seen,
        unbound=binding.unbound,
        diff=binding.diff,
        authors=tuple(sorted(proposal.authors)),
    )


def _with_agent(preview: Preview, agent: str | None) -> Preview:
    """An approver reads which sub-agent asks, and for whom it works."""
    return preview if agent is None else preview.model_copy(update={"details": (f"asked by {agent}", *preview.details)})


def later_call(proposal: Proposal, admitted: Admitted) -> LaterCall:
    """The same call as a grant looks at it."""
    decision = admitted.decision
    return LaterCall(
        chain=proposal.chain,
        tool=proposal.tool,
        requester=proposal.principal.username,
        worker_id=proposal.worker_id,
        rule=decision.rule,
        policy_version=decision.policy_version,
        risk=decision.risk,
        persons=decision.persons,
        fresh_login_s=decision.fresh_login_s,
        owners=admitted.facts.owners,
        targets=admitted.facts.target_count,
        arguments=admitted.arguments,
    )


def _redacted(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return cast("dict[str, JsonValue]", redact(value))

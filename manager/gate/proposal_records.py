"""What the ledger gets of a proposed call: the proposal, and why it was refused. Refusals are bounded per user."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from audit.ledger import Record
from ink_core.clock import Clock
from ink_core.errors import InkError, NotFound
from manager.gate.admission import Admitted, LookFailed, Proposal
from manager.gate.call_records import proposed_record, refused_record
from manager.gate.policy import Origin
from manager.gate.policy.record import decided_body
from manager.gate.recorded import refused_arguments
from manager.gate.refusals import Refusals, TooManyRefusals, throttled_record
from mcp_tools.catalogue import Catalogue
from mcp_tools.spec import Risk

log = structlog.get_logger()


class ProposalRecords:
    def __init__(
        self, catalogue: Catalogue, clock: Clock, append: Callable[..., Awaitable[None]], max_refusals: int
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._append = append
        self._refusals = Refusals(max_refusals)

    async def refuse(self, proposal: Proposal, error: InkError, admitted: Admitted | None = None) -> None:
        """Raises `TooManyRefusals` instead of recording one more, for a user of whom many were recorded lately."""
        if proposal.origin is not Origin.MODEL:
            try:
                self._refusals.count(proposal.principal.username, self._clock.now(), error)
            except TooManyRefusals as throttled:
                if throttled.first:
                    log.warning("refusals_throttled", user=proposal.principal.username, origin=proposal.origin.value)
                    await self._append(proposal.chain, throttled_record(proposal.principal.username, throttled))
                raise
        shown = replace(proposal, arguments=refused_arguments(proposal.arguments))
        refused = refused_record(proposal.call_id, error.code, str(error))
        await self._append(proposal.chain, self.proposed(shown, admitted), refused)

    async def look_failed(self, proposal: Proposal, failed: LookFailed) -> None:
        """With the label of what was looked at, of which the reason may tell."""
        refused = refused_record(proposal.call_id, failed.error.code, str(failed.error), failed.label)
        await self._append(proposal.chain, self.proposed(proposal), refused)

    def proposed(self, proposal: Proposal, admitted: Admitted | None = None) -> Record:
        return proposed_record(
            proposal.call_id,
            proposal.tool,
            proposal.arguments,
            proposal.principal,
            proposal.origin,
            proposal.worker_id,
            self._risk(proposal.tool),
            proposal.model_call_id,
            decided_body(admitted.decision, admitted.facts) if admitted else None,
            admitted.arguments if admitted else None,
            proposal.request_sha256,
        )

    def _risk(self, tool: str) -> Risk | None:
        try:
            return self._catalogue.get(tool).risk
        except NotFound:
            return None

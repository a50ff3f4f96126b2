"""The calls of one conversation together: whether some wait, and what ends all of them. A conversation is a chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.ledger import Ledger
from ink_core.agents import UserAgents
from manager.gate.approvals.desk import ApprovalDesk
from manager.gate.approvals.standing_grants import StandingGrants
from manager.gate.background import stop_background
from manager.gate.book import CallBook
from manager.gate.call import CallState, Phase
from manager.gate.carrier import Carrier
from manager.gate.policy import Origin


@dataclass(frozen=True)
class ChainCalls:
    book: CallBook
    desk: ApprovalDesk
    grants: StandingGrants
    carrier: Carrier
    ledger: Ledger
    agents: UserAgents

    def waits(self, chain: str) -> bool:
        """Whether a call of the model on this chain waits for an approver."""
        return bool(self._of_model(chain, Phase.WAITING))

    async def lapse(self, chain: str, by: str, why: str) -> None:
        """The conversation is about to be another one than approvers saw: what waits is void, and grants end."""
        for state in self._of_model(chain, Phase.WAITING):
            await self.desk.void(state.call_id, by, why)
        await self.grants.revoke_all(lambda grant: grant.chain == chain, by, why)

    async def interrupt(self, chain: str) -> None:
        """End what the model's calls of this chain have running in a worker; how each ended is recorded as ever."""
        await self.carrier.interrupt(self._of_model(chain, Phase.INTENDED))

    async def stop_background(self, chain: str) -> None:
        """End what calls of this chain have started in the background."""
        await stop_background(self.ledger, self.agents, chain)

    def _of_model(self, chain: str, phase: Phase) -> Sequence[CallState]:
        calls = (state for state in self.book.open_calls() if state.phase is phase)
        return [state for state in calls if state.chain == chain and state.origin is Origin.MODEL]

"""Review of edits: while it is on in a conversation, what its agent would change in files waits for its user's word.

It adds to the policy and takes nothing from it: a call that the policy refuses or asks somebody about is left to it.
The user may take parts of an edit by a call of their own, and reject the rest.
"""

from __future__ import annotations

from dataclasses import replace

from audit.ledger import Ledger
from manager.gate.admission import Admitted, Proposal
from manager.gate.policy import Approver, Effect, Origin
from manager.gate.session_switch import SessionSwitch

EDIT_REVIEW = "session.edit_review"
RULE = "edit-review"


class EditReviews:
    def __init__(self, ledger: Ledger) -> None:
        self._switch = SessionSwitch(ledger, EDIT_REVIEW)

    async def applied(self, proposal: Proposal, admitted: Admitted) -> Admitted:
        """The same, to be asked about where it is an edit of a model that would go on at once."""
        edits = admitted.spec.diff is not None and admitted.decision.effect is Effect.ALLOW
        if proposal.origin is not Origin.MODEL or not edits:
            return admitted
        by = await self._switch.switched_by(proposal.chain)
        if by is None:
            return admitted
        reason = f"{by} reviews edits in this conversation before they are made"
        asked = replace(
            admitted.decision, effect=Effect.ASK, rule=RULE, reason=reason, approver=Approver.REQUESTER, persons=1
        )
        return replace(admitted, decision=asked)

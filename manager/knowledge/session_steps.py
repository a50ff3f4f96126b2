"""Steps of sessions as the tools ask for them, read from the ledger."""

from __future__ import annotations

from audit.chains import session_chain
from audit.ledger import Ledger
from ink_core.identity.principal import Principal, Scope
from knowledge_graph.contributions.faults import StepNotFound
from manager.knowledge.steps import step_of
from manager.sessions.view import SessionView, fold
from mcp_tools.context import FoundStep


class RecordedSteps:
    """Implements the tools' `Steps`. A session is its owner's, and may be looked at by who reads the audit."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def find(self, principal: Principal, session_id: str, *, call_id: str = "", turn: int = 0) -> FoundStep:
        events = await self._ledger.read(session_chain(session_id))
        view: SessionView | None = None
        for event in events:
            view = fold(view, event)
        if view is None or (view.owner != principal.username and Scope.AUDIT_READ not in principal.scopes):
            raise StepNotFound(f"you have no session {session_id}")
        step = step_of(events, session_id, call_id=call_id, turn=turn)
        return FoundStep(step, frozenset({view.owner}), view.confidentiality)

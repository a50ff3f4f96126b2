"""Steps of sessions as the tools ask for them, read from the ledger."""

from __future__ import annotations

from audit.chains import session_chain
from audit.ledger import Ledger
from ink_core.identity.principal import Principal, Scope
from knowledge_graph.contributions.faults import StepNotFound
from manager.knowledge.steps import step_of
from manager.sessions.access import SessionAccess
from manager.sessions.view import SessionView, fold
from mcp_tools.context import FoundStep


class RecordedSteps:
    """Implements the tools' `Steps`. A session is there for who may watch it, and for who reads the audit."""

    def __init__(self, ledger: Ledger, access: SessionAccess) -> None:
        self._ledger = ledger
        self._access = access

    async def find(self, principal: Principal, session_id: str, *, call_id: str = "", turn: int = 0) -> FoundStep:
        events = await self._ledger.read(session_chain(session_id))
        view: SessionView | None = None
        for event in events:
            view = fold(view, event)
        share = self._access.share(principal, view) if view else None
        if view is None or (share is None and Scope.AUDIT_READ not in principal.scopes):
            raise StepNotFound(f"you have no session {session_id}")
        step = step_of(events, session_id, call_id=call_id, turn=turn)
        task_id = self._access.adds_to(principal.username, view)
        return FoundStep(step, frozenset({view.owner}), view.confidentiality, task_id or "")

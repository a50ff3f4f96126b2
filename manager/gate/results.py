"""Whole results of ended calls, for those who read on where a result was cut.

Limits: as long as the gate's memory keeps them (`book.py`, `unrecorded.py`); of what fell out of it, the audit has the
recorded part.
"""

from __future__ import annotations

from pydantic import JsonValue

from ink_core.errors import Conflict, Forbidden, NotFound, UnknownTool
from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from ink_core.labels import HIGHEST, LOWEST, Confidentiality
from manager.gate.book import CallBook, CallNotFound
from manager.gate.call import CallState, CallStatus
from manager.gate.recorded import whole_bytes
from manager.gate.unrecorded import Unrecorded
from mcp_tools.catalogue import Catalogue
from mcp_tools.foreign_port import PREFIX


class NoResult(Conflict):
    code = "no_result"


class ResultExpired(NotFound):
    """It was too large to be recorded, and memory has given it up."""

    code = "result_expired"


class CallResults:
    """Implements the tools' `Results`."""

    def __init__(self, book: CallBook, unrecorded: Unrecorded, catalogue: Catalogue) -> None:
        self._book = book
        self._unrecorded = unrecorded
        self._catalogue = catalogue

    def visible(self, principal: Principal, call_id: str) -> CallState:
        """One of this user's calls, if its tool is one that the credential could have called itself.

        Raises `CallNotFound` for any other call, `Forbidden` for a credential with less scopes.
        """
        state = self._book.get(call_id)
        if state.principal.username != principal.username:
            raise CallNotFound(f"you have no call {call_id}")
        if missing := self.missing_scopes(principal, state.tool) | self._relayed(principal, state):
            raise Forbidden(f"calls of {state.tool} need the scope {', '.join(sorted(missing))}")
        return state

    def _relayed(self, principal: Principal, state: CallState) -> frozenset[Scope]:
        """What a credential lacks of the rights of a call that gives what others brought: they may have used all."""
        relays = any(spec.relays for spec in self._catalogue if spec.name == state.tool)
        return state.principal.scopes - principal.scopes if relays else frozenset()

    def whole(self, principal: Principal, call_id: str) -> JsonValue:
        state = self.visible(principal, call_id)
        if state.status is not CallStatus.DONE:
            raise NoResult(f"call {call_id} has no result: it is {state.status.value}")
        result = self._unrecorded.whole(state).result
        if size := whole_bytes(result):
            known = f"of the result of call {call_id} ({size} bytes) only the beginning is kept by now"
            raise ResultExpired(f"{known}; call {state.tool} again")
        return result

    def confidentiality(self, call_id: str) -> Confidentiality:
        if not self._book.knows(call_id):
            return LOWEST.confidentiality
        return (self._book.get(call_id).label or HIGHEST).confidentiality

    def missing_scopes(self, principal: Principal, tool: str) -> frozenset[Scope]:
        """What a credential lacks to call this tool itself, and so to see calls of it.

        Of a foreign tool that is mounted no more nobody knows what it took, so that it takes all that a user may.
        """
        try:
            return self._catalogue.get(tool).scopes - principal.scopes
        except UnknownTool:
            return USER_SCOPES - principal.scopes if tool.startswith(PREFIX) else frozenset()

    def is_narrow(self, principal: Principal) -> bool:
        """Whether there is a tool that this credential could not call."""
        return any(spec.scopes - principal.scopes for spec in self._catalogue)

"""Going another way in a conversation: a message edited or asked again, and a path gone back to.

The path that is left stays in the ledger. Its turn is stopped, what waits there is void, grants and the plan end; what
was seen on it stays in the session's labels.
"""

from __future__ import annotations

from ink_core.identity.principal import Principal
from manager.agent.paths import BEGINNING
from manager.sessions.service import SessionService
from manager.sessions.turns import branched_record, message_record, own_words, turn_of
from manager.sessions.view import SessionView


async def branch(sessions: SessionService, principal: Principal, session_id: str, turn: int, text: str | None) -> int:
    """Ask again from before a turn, with other words or (None) with one's own of that turn; the message's number.

    What one had sent along with that turn goes with it again.

    Raises `TurnNotFound`, `NotYourWords`, `ConversationTooWide`.
    """
    async with sessions.steering(principal, session_id) as view:
        edited = turn_of(await sessions.turns(principal, session_id), turn)
        words = own_words(edited, principal.username) if text is None else text
        quoted = edited.quoted if edited.by == principal.username else None
        message = message_record(principal, words, quoted)
        await sessions.check_may_begin(principal, view)  # a way that is refused leaves the present one as it is
        await sessions.leave_path(view, principal.username)
        events = await sessions.begin_turn(principal, view, branched_record(edited.parent, principal.username), message)
        return events[-1].seq


async def go_back(sessions: SessionService, principal: Principal, session_id: str, turn: int) -> SessionView:
    """Go on with the path that ends with this turn, 0 for the beginning. Raises `TurnNotFound`."""
    async with sessions.steering(principal, session_id) as view:
        if turn != BEGINNING:
            turn_of(await sessions.turns(principal, session_id), turn)
        await sessions.leave_path(view, principal.username)
        return await sessions.record(view, branched_record(turn, principal.username))

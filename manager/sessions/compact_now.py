"""A conversation compacted because somebody wants it: all that has ended, by rules, at once."""

from __future__ import annotations

from audit.ledger import Record
from ink_core.errors import Conflict
from ink_core.identity.principal import Principal
from manager.agent.compaction import all_ended, compacted_body
from manager.agent.summary_text import by_rules
from manager.sessions.compacting import WHY
from manager.sessions.service import SessionService, TurnRunning


class NothingToCompact(Conflict):
    code = "nothing_to_compact"


async def compact_now(sessions: SessionService, principal: Principal, session_id: str) -> None:
    """What a turn waits for is void then, and it goes on. Raises `NothingToCompact`, `TurnRunning`."""
    async with sessions.steering(principal, session_id) as view:
        if view.running and not sessions.waits(view):
            raise TurnRunning("the agent is at work; compact the conversation when it has answered")
        state = (await sessions.course(view)).state
        compaction = all_ended(state)
        if compaction is None:
            raise NothingToCompact("nothing has ended since the conversation began or was compacted")
        body = compacted_body(state.turn, compaction, by_rules(state, compaction), "rules")
        await sessions.lapse(view, principal.username, WHY)
        await sessions.record(view, Record("conversation.compacted", body))
        await sessions.lapse(view, principal.username, WHY)  # what the turn that goes on asked for meanwhile

"""Makes a conversation that nearly fills its room shorter, before the model is asked: by that model, else by rules.

What the ledger holds stays; a summary is one more record. What approvers saw is not what the model goes on with, so
what waits for approval is closed as void and grants of the session end, before a summary counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from audit.ledger import Event
from ink_core.errors import InkError
from manager.agent.compaction import compacted_body
from manager.agent.model import ChatModel, Compaction, ModelRequest, TrustClass
from manager.agent.request_record import sent_body, sent_bytes
from manager.agent.summary import notes, summary_request
from manager.agent.summary_text import by_rules, with_notes
from manager.budgets.paying import Question, paying
from manager.sessions.course import MakeRecord, SessionCourse
from manager.sessions.parts import RunnerParts

log = structlog.get_logger()

SUMMARY_S = 90.0
WHY = "the conversation was compacted after this was asked for; ask again if it is still wanted"


class Compacting:
    """`question` names a request to a model to the budgets, by its record."""

    def __init__(
        self,
        course: SessionCourse,
        parts: RunnerParts,
        record: MakeRecord,
        question: Callable[[Event, ChatModel], Question],
    ) -> None:
        self._course = course
        self._parts = parts
        self._record = record
        self._question = question

    async def compact(self, model: ChatModel, request: ModelRequest, compaction: Compaction) -> None:
        """Before `request` is sent to the model. It is in the state when this returns."""
        written = await self._notes(model, request, compaction) if model.trust is not TrustClass.BUILTIN else ""
        state = self._course.state
        text = with_notes(state, compaction, written) if written else by_rules(state, compaction)
        chain = self._course.seen.chain
        await self._parts.gate.chains.lapse(chain, "the session", WHY)
        made_by = "model" if written else "rules"
        event = await self._record("conversation.compacted", compacted_body(state.turn, compaction, text, made_by))
        await self._course.until(event.seq)

    async def _notes(self, model: ChatModel, request: ModelRequest, compaction: Compaction) -> str:
        """Empty where the model cannot say: rules are enough to go on."""
        asking = summary_request(self._course.state, request, compaction)
        told = sent_body(self._course.state.turn, self._course.seen.last_seq, asking, "summary")
        sent = await self._record("model.sent", told)
        try:
            async with (
                asyncio.timeout(SUMMARY_S),
                paying(self._parts.budgets, model.trust, self._question(sent, model), sent_bytes(told)) as bill,
            ):
                reply = await notes(model, asking)
                if reply is not None:
                    await bill.settle(reply)
        except (InkError, TimeoutError) as error:
            log.warning("no_summary", session=self._course.session_id, reason=str(error))
            return ""
        return reply.text.strip() if reply else ""

"""Asks the model of a session: its next reply, or the plan of what the user's words ask for.

Each question is recorded before it is sent and paid for when it is answered.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog
from pydantic import JsonValue

from audit.ledger import Event
from ink_core.errors import InkError
from ink_core.labels import Confidentiality, most_confidential
from manager.agent.context import Audience, SentContext, question_of
from manager.agent.egress import check_egress, context_clearance, may_see, refused
from manager.agent.model import ChatModel, ModelReply, ModelRequest, TextDelta, TrustClass
from manager.agent.planner import plan, planning_request
from manager.agent.records import replied_body
from manager.agent.request_record import sent_body, sent_bytes
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.paying import Bill, NoBill, Question, asked_body, paying
from manager.budgets.spender import Spender
from manager.sessions.compacting import Compacting
from manager.sessions.course import MakeRecord, SessionCourse
from manager.sessions.parts import RunnerParts

log = structlog.get_logger()


class Asking:
    """Raises an `InkError` where a record cannot be written; what a model does wrong is recorded."""

    def __init__(self, course: SessionCourse, parts: RunnerParts, record: MakeRecord) -> None:
        self._course = course
        self._parts = parts
        self._record = record
        self._planner: asyncio.Task[list[JsonValue]] | None = None
        self._compacting = Compacting(course, parts, record, self._question)

    async def reply(self, turn: int) -> None:
        """Record `model.asked`, then what came of it: `model.replied`, `model.failed` or `budget.asked`."""
        session_id, model = self._course.session_id, self._parts.models.of_session(self._course.seen.model)
        await self._tell_if_too_confidential(model)
        asked = await self._record("model.asked", {"turn": turn, "model": model.name, "trust": model.trust.value})
        self._parts.live.begin_reply(session_id, turn)
        try:
            await self._paid_reply(model, turn, asked)
        except BudgetExhausted as error:
            await self.ask_for_budget(error)
        except InkError as error:
            body: dict[str, JsonValue] = {
                "turn": turn,
                "code": error.code,
                "message": str(error),
                "retryable": error.retryable,
            }
            await self._record("model.failed", body)
        finally:
            self._parts.live.end_reply(session_id)

    async def plan(self, model: ChatModel) -> None:
        """Record `plan.made`: what the user's words ask for; nothing where the model cannot say: a human is asked."""
        await self._record("plan.made", {"turn": self._course.state.turn, "steps": await self._planned(model)})

    async def offer_other_model(self, model: ChatModel, tool: str | None, message: str) -> None:
        """The data of a session can be more than its model may see: say so, and what to do."""
        offer = self._parts.models.inside
        body: dict[str, JsonValue] = {
            "model": model.name,
            "trust": model.trust.value,
            "tool": tool,
            "message": message,
            "offer": {"name": offer.name, "trust": offer.trust.value} if offer else None,
        }
        await self._record("session.trust_change_needed", body)

    async def ask_for_budget(self, exhausted: BudgetExhausted) -> None:
        """The turn waits until somebody raises the budget, and goes on with what it could not do."""
        await self._record("budget.asked", asked_body(self._course.state.turn, exhausted))

    def cancel_plan(self) -> None:
        if self._planner and not self._planner.done():
            self._planner.cancel()

    async def _paid_reply(self, model: ChatModel, turn: int, asked: Event) -> None:
        context = await self._context(model, asked.time)
        request = self._request(model, asked.time, context)
        check_egress(model.name, model.trust, request)
        if request.compaction:
            await self._compacting.compact(model, request, request.compaction)
        request, seen = self._request(model, asked.time, context), self._course.seen.last_seq
        told = sent_body(turn, seen, request, context=context)
        async with paying(self._parts.budgets, model.trust, self._question(asked, model), sent_bytes(told)) as bill:
            sent = await self._record("model.sent", told)
            if self._parts.recalls and context:
                await self._parts.recalls.note(self._course.session_id, turn, sent.seq, context.facts)
            reply = await self._streamed(model, request, bill)
            await bill.settle(reply)
        # Not left to the caller: a reply that cannot be recorded (NaN, too large) is a failed one, not an endless turn.
        await self._record("model.replied", replied_body(turn, reply))

    async def _context(self, model: ChatModel, now: datetime) -> SentContext | None:
        """The built-in guide gets none: it reads results alone."""
        if self._parts.contexts is None or model.trust is TrustClass.BUILTIN:
            return None
        most = context_clearance(model.trust, self._course.seen.confidentiality)
        question = question_of(self._course.state)
        return await self._parts.contexts.context(question, self._audience, most, now)

    @property
    def _audience(self) -> Audience:
        access, seen, authority = self._parts.access, self._course.seen, self._course.authority
        readers = access.readers(seen)
        task_id = access.task(seen) if authority.username in readers else None
        return Audience(authority, task_id, others=bool(readers - {authority.username}))

    def _request(self, model: ChatModel, now: datetime, context: SentContext | None) -> ModelRequest:
        text, level = (context.text, context.confidentiality) if context else ("", Confidentiality.PUBLIC)
        request = self._assembled(model, now, text)
        return replace(request, confidentiality=most_confidential((self._course.seen.confidentiality, level)))

    def _assembled(self, model: ChatModel, now: datetime, text: str) -> ModelRequest:
        """The conversation with the text of a context, within what this model takes in."""
        course, budget = self._course, self._parts.models.budget(model.name)
        return self._parts.assemble(
            course.state, course.authority, course.worker_id, now, text, course.seen.brief, budget
        )

    async def _streamed(self, model: ChatModel, request: ModelRequest, bill: Bill | NoBill) -> ModelReply:
        reply: ModelReply | None = None
        async for piece in model.stream(request):
            if isinstance(piece, TextDelta):
                bill.hear(piece.text)
                self._parts.live.append(self._course.session_id, piece.text)
            else:
                reply = piece
        assert reply is not None, "a ChatModel ends every stream with a ModelReply"
        return reply

    async def _planned(self, model: ChatModel) -> list[JsonValue]:
        course = self._course
        assembled = self._assembled(model, course.at, "")
        request = planning_request(course.state, course.authority.username, assembled)
        told = sent_body(course.state.turn, course.seen.last_seq, request, "plan")
        sent = await self._record("model.sent", told)
        self._planner = asyncio.create_task(self._paid_plan(model, request, sent))
        try:
            return await self._planner
        except InkError as error:
            log.warning("no_plan", session=self._course.session_id, code=error.code)
            return []

    async def _paid_plan(self, model: ChatModel, request: ModelRequest, sent: Event) -> list[JsonValue]:
        question = self._question(sent, model)
        async with paying(self._parts.budgets, model.trust, question, sent_bytes(sent.body)) as bill:
            steps, reply = await plan(model, request)
            if reply is not None:
                await bill.settle(reply)
        return steps

    def _question(self, record: Event, model: ChatModel) -> Question:
        seen = self._course.seen
        task_id = self._parts.access.task(seen)
        spender = Spender(self._course.authority.username, task_id, seen.agents)
        return Question(spender, record.seq, model.name)

    async def _tell_if_too_confidential(self, model: ChatModel) -> None:
        """Said before the refusal, with what to do."""
        level = self._course.seen.confidentiality
        if not may_see(model.trust, level):
            await self.offer_other_model(model, None, str(refused(model.name, model.trust, level)))

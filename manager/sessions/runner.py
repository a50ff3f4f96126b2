"""Runs one turn of one session: reads the session's chain, lets the pure loop say what is due, and does it.

What is done comes back as durable records on the same chain, which is the only input; so a runner that starts after a
crash goes on exactly where the records end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog
from pydantic import JsonValue

from audit.chains import session_chain
from audit.ledger import Event, Ledger, Record
from ink_core.errors import InkError
from ink_core.identity.principal import Principal
from ink_core.labels import Confidentiality, most_confidential
from manager.agent import loop
from manager.agent.choice import ModelChoice
from manager.agent.context import ContextSource, SentContext, question_of
from manager.agent.egress import CLEARANCE, check_egress, context_clearance, may_see, refused
from manager.agent.model import ChatModel, ModelReply, ModelRequest, TextDelta, TrustClass
from manager.agent.planner import plan, planning_request
from manager.agent.records import replied_body
from manager.agent.request_record import sent_body, sent_bytes
from manager.agent.state import LoopLimits, LoopState
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.desk import BudgetDesk, Question
from manager.budgets.paying import asked_body, paying
from manager.gate.admission import Proposal, TrustChangeNeeded
from manager.gate.gate import Gate
from manager.gate.policy import Origin
from manager.sessions.live import LiveChannels
from manager.sessions.view import SessionView, fold

log = structlog.get_logger()


Assemble = Callable[[LoopState, Principal, str | None, datetime, str], ModelRequest]
"""The model's request from the conversation, for a principal and a worker, at a time, with the text of a context.

See `manager.agent.assembler`.
"""


class Recalling(Protocol):
    async def note(self, session_id: str, turn: int, seq: int, fact_ids: Sequence[str]) -> None:
        """The request to a model that is record `seq` holds these facts."""
        ...


@dataclass(frozen=True)
class RunnerParts:
    ledger: Ledger
    gate: Gate
    models: ModelChoice
    assemble: Assemble
    live: LiveChannels
    limits: LoopLimits
    budgets: BudgetDesk | None = None
    contexts: ContextSource | None = None
    recalls: Recalling | None = None


class TurnRunner:
    def __init__(self, session_id: str, parts: RunnerParts) -> None:
        self._session_id = session_id
        self._chain = session_chain(session_id)
        self._parts = parts
        self._state = loop.begin(session_id, parts.limits)
        self._view: SessionView | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._planning = asyncio.Lock()
        self._planner: asyncio.Task[list[JsonValue]] | None = None
        self._at: datetime | None = None
        self._given_up = False

    async def run(self) -> None:
        """Until the turn has ended and nothing of it is left to do, or a record cannot be written."""
        self._following = asyncio.create_task(self._follow())
        try:
            await self._following
        except asyncio.CancelledError:
            if not self._given_up:
                raise

    def _give_up(self) -> None:
        self._given_up = True
        if self._following:
            self._following.cancel()

    async def _follow(self) -> None:
        written = await self._parts.ledger.read(self._chain)
        head = written[-1].seq if written else 0
        try:
            async for event in self._parts.ledger.follow(self._chain):
                self._view, self._at = fold(self._view, event), event.time
                self._state, due = loop.handle(self._state, event.kind, event.body, event.time)
                if event.seq < head:
                    continue
                self._do(loop.outstanding(self._state) if event.seq == head else due)
                if not self._state.running:
                    break
        finally:
            await self._finish()
        await self._withdraw_late()

    async def _withdraw_late(self) -> None:
        """Take back what was still on its way to the gate when the turn was ended."""
        for event in await self._parts.ledger.read(self._chain, after=self._seen().last_seq):
            self._state, _ = loop.handle(self._state, event.kind, event.body, event.time)
        for instruction in () if self._state.running else loop.outstanding(self._state):
            if isinstance(instruction, loop.WithdrawCall):
                await self._parts.gate.withdraw(instruction.call_id, "the session")

    async def _finish(self) -> None:
        for waiting in (self._asking, self._planner):
            if waiting and not waiting.done():
                waiting.cancel()
        self._parts.live.end_reply(self._session_id)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _do(self, instructions: tuple[loop.Instruction, ...]) -> None:
        for instruction in instructions:
            match instruction:
                case loop.AskModel(turn):
                    self._asking = self._start(self._ask(turn))
                case loop.ProposeCall():
                    self._start(self._propose(instruction))
                case loop.RefuseCall():
                    self._start(self._refuse(instruction))
                case loop.WithdrawCall(call_id):
                    self._start(self._parts.gate.withdraw(call_id, "the session"))
                case loop.EndTurn(turn, reason, detail):
                    self._start(self._record("turn.ended", {"turn": turn, "reason": reason, "detail": detail}))
                case loop.ResumeCall():
                    pass  # the gate has taken up every open call by itself

    def _start(self, work: Awaitable[object]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Awaitable[object]) -> None:
        try:
            try:
                await work
            except InkError:
                raise
            except Exception:
                log.exception("turn_step_broke", session=self._session_id)
                detail = "the harness failed in a way it should not; the server's log has the details"
                body: dict[str, JsonValue] = {"turn": self._state.turn, "reason": "failed", "detail": detail}
                await self._record("turn.ended", body)
        except InkError as error:
            # A record could not be written, so nothing was done. The turn goes on from the ledger when it is run again.
            log.error("turn_step_failed", session=self._session_id, code=error.code, reason=str(error))
            self._give_up()

    async def _ask(self, turn: int) -> None:
        model = self._parts.models.of_session(self._seen().model)
        await self._tell_if_too_confidential(model)
        asked = await self._record("model.asked", {"turn": turn, "model": model.name, "trust": model.trust.value})
        self._parts.live.begin_reply(self._session_id, turn)
        try:
            context = await self._context(model, asked.time)
            request, seen = self._request(asked.time, context), self._seen().last_seq
            check_egress(model.name, model.trust, request)
            question = Question(self._authority().username, self._session_id, asked.seq, model.name)
            told = sent_body(turn, seen, request, context=context)
            async with paying(self._parts.budgets, model.trust, question, sent_bytes(told)) as bill:
                sent = await self._record("model.sent", told)
                if self._parts.recalls and context:
                    await self._parts.recalls.note(self._session_id, turn, sent.seq, context.facts)
                reply = await self._stream(model, request)
                await bill.settle(reply)
            # Inside: a reply that cannot be recorded (NaN, too large) is a failed one, not a turn that never ends.
            await self._record("model.replied", replied_body(turn, reply))
        except BudgetExhausted as error:
            await self._record("budget.asked", asked_body(turn, error))
        except InkError as error:
            body: dict[str, JsonValue] = {
                "turn": turn,
                "code": error.code,
                "message": str(error),
                "retryable": error.retryable,
            }
            await self._record("model.failed", body)
        finally:
            self._parts.live.end_reply(self._session_id)

    async def _context(self, model: ChatModel, now: datetime) -> SentContext | None:
        """The built-in guide gets none: it reads results alone."""
        if self._parts.contexts is None or model.trust is TrustClass.BUILTIN:
            return None
        most = context_clearance(model.trust, self._seen().confidentiality)
        return await self._parts.contexts.context(question_of(self._state), self._authority(), most, now)

    def _request(self, now: datetime, context: SentContext | None) -> ModelRequest:
        text, level = (context.text, context.confidentiality) if context else ("", Confidentiality.PUBLIC)
        request = self._parts.assemble(self._state, self._authority(), self._seen().worker_id, now, text)
        return replace(request, confidentiality=most_confidential((self._seen().confidentiality, level)))

    async def _stream(self, model: ChatModel, request: ModelRequest) -> ModelReply:
        reply: ModelReply | None = None
        async for piece in model.stream(request):
            if isinstance(piece, TextDelta):
                self._parts.live.append(self._session_id, piece.text)
            else:
                reply = piece
        assert reply is not None, "a ChatModel ends every stream with a ModelReply"
        return reply

    async def _propose(self, call: loop.ProposeCall) -> None:
        model = self._model_of_the_call()
        async with self._planning:
            if await self._parts.gate.provenances.wants_plan(self._chain, call.tool):
                await self._record("plan.made", {"turn": self._state.turn, "steps": await self._plan(model)})
        state = await self._parts.gate.propose(
            Proposal(
                call_id=call.call_id,
                tool=call.tool,
                arguments=call.arguments,
                principal=self._authority(),
                origin=Origin.MODEL,
                chain=self._chain,
                worker_id=self._seen().worker_id,
                model_call_id=call.model_call_id,
                clearance=CLEARANCE[model.trust],
            )
        )
        if state.error and state.error.code == TrustChangeNeeded.code:
            await self._offer_other_model(model, call.tool, state.error.message)

    def _model_of_the_call(self) -> ChatModel:
        """The one that was asked for it; that the session goes on with another one changes nothing of its calls."""
        seen = self._seen()
        return self._parts.models.of_session(seen.asked or seen.model)

    async def _plan(self, model: ChatModel) -> list[JsonValue]:
        """What the user's words ask for; nothing where the model cannot say, and then a human is asked."""
        assert self._at is not None
        authority, seen = self._authority(), self._seen()
        assembled = self._parts.assemble(self._state, authority, seen.worker_id, self._at, "")
        request = planning_request(self._state, authority.username, assembled)
        sent = await self._record("model.sent", sent_body(self._state.turn, seen.last_seq, request, "plan"))
        self._planner = asyncio.create_task(self._paid_plan(model, request, sent))
        try:
            return await self._planner
        except InkError as error:
            log.warning("no_plan", session=self._session_id, code=error.code)
            return []

    async def _paid_plan(self, model: ChatModel, request: ModelRequest, sent: Event) -> list[JsonValue]:
        question = Question(self._authority().username, self._session_id, sent.seq, model.name)
        async with paying(self._parts.budgets, model.trust, question, sent_bytes(sent.body)) as bill:
            steps, reply = await plan(model, request)
            if reply is not None:
                await bill.settle(reply)
        return steps

    async def _tell_if_too_confidential(self, model: ChatModel) -> None:
        """Said before the refusal, with what to do: the model of a session can be one that its data may not go to."""
        level = self._seen().confidentiality
        if not may_see(model.trust, level):
            await self._offer_other_model(model, None, str(refused(model.name, model.trust, level)))

    async def _offer_other_model(self, model: ChatModel, tool: str | None, message: str) -> None:
        offer = self._parts.models.inside
        body: dict[str, JsonValue] = {
            "model": model.name,
            "trust": model.trust.value,
            "tool": tool,
            "message": message,
            "offer": {"name": offer.name, "trust": offer.trust.value} if offer else None,
        }
        await self._record("session.trust_change_needed", body)

    async def _refuse(self, call: loop.RefuseCall) -> None:
        proposal = Proposal(
            call_id=call.call_id,
            tool=call.tool,
            arguments={},
            principal=self._authority(),
            origin=Origin.MODEL,
            chain=self._chain,
            worker_id=self._seen().worker_id,
            model_call_id=call.model_call_id,
        )
        await self._parts.gate.refuse(proposal, call.code, call.message)

    async def _record(self, kind: str, body: dict[str, JsonValue]) -> Event:
        (event,) = await self._parts.ledger.append(self._chain, Record(kind, body))
        return event

    def _seen(self) -> SessionView:
        assert self._view is not None
        return self._view

    def _authority(self) -> Principal:
        authority = self._seen().authority
        assert authority is not None, "a turn begins with a user's message"
        return authority

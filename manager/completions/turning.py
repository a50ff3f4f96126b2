"""One request for a completion: which session it goes on with, its message posted there, and the answer as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from ink_core.errors import BadInput, InkError
from ink_core.identity.principal import Principal
from manager.agent.choice import ModelChoice
from manager.completions.answering import APART, Answer
from manager.completions.exchanges import history
from manager.completions.finding import Finding, Found
from manager.completions.wire import ChatCompletionRequest
from manager.sessions.branching import branch
from manager.sessions.service import MAX_MESSAGE_CHARACTERS, SessionService
from manager.sessions.view import SessionView

log = structlog.get_logger()

ANY_MODEL = "ink"
"""Whatever model the session has; a new one has the site's first."""
UNKNOWN = "> Earlier messages are of no conversation that is known here, so this answers the last one alone."
BUSY = "> Your message was not taken, as the one before is still worked on:"


@dataclass(frozen=True)
class Begun:
    """`seq` is the number of the message that is answered; `first` is told before the answer.

    `turn` is the one that this request began; None where it only looks at one that was there.
    """

    view: SessionView
    seq: int
    turn: int | None
    first: Sequence[str] = ()


class Completions:
    def __init__(self, sessions: SessionService, finding: Finding, models: ModelChoice) -> None:
        self._sessions = sessions
        self._finding = finding
        self._models = models
        self._stopping: set[asyncio.Task[None]] = set()

    async def begin(self, principal: Principal, asked: ChatCompletionRequest, session_id: str | None) -> Begun:
        """The message is durable then. Raises `CompletionUnsupported`, `UnknownModel`, and what sessions raise."""
        asked.check()
        text = asked.messages[-1].text
        if len(text) > MAX_MESSAGE_CHARACTERS:
            raise BadInput(f"a message has at most {MAX_MESSAGE_CHARACTERS} characters, not {len(text)}")
        if asked.model != ANY_MODEL:
            self._models.named(asked.model)
        believed = history(asked.messages)
        found = await (
            self._finding.named(principal, session_id) if session_id else self._finding.like(principal, believed)
        )
        if found is None:
            opened = Found(await self._sessions.open(principal, "", None), untold=(UNKNOWN,) if believed else ())
            return await self._post(principal, opened, asked.model, text)
        return await self._post(principal, found, asked.model, text)

    async def _post(self, principal: Principal, found: Found, model: str, text: str) -> Begun:
        view = found.view
        if view.running and found.branch_at is None:
            turns = await self._sessions.turns(principal, view.session_id)
            return Begun(view, turns[-1].seq, None, (*found.untold, BUSY))
        if model not in (ANY_MODEL, view.model):
            view = await self._sessions.change(principal, view.session_id, {"model": model})
        if found.branch_at is not None:
            seq = await branch(self._sessions, principal, view.session_id, found.branch_at, text)
        else:
            seq = await self._sessions.post(principal, view.session_id, text)
        begun = await self._sessions.get(principal, view.session_id)
        return Begun(begun, seq, begun.turn, found.untold)

    async def answer(self, principal: Principal, begun: Begun, answer: Answer) -> AsyncGenerator[str]:
        """Who closes this before its end is gone, and the turn that they began is stopped: nobody sees what it does."""
        gone = True
        try:
            for text in begun.first:
                yield text + APART
            stream = self._sessions.stream(principal, begun.view.session_id, begun.seq)
            async with aclosing(answer.pieces(stream)) as pieces:
                async for text in pieces:
                    yield text
            gone = False
        except InkError:
            gone = False
            raise
        finally:
            if gone and begun.turn is not None:
                self._stop(principal, begun.view.session_id, begun.turn)

    def _stop(self, principal: Principal, session_id: str, turn: int) -> None:
        """On its own: who is gone waits for nothing. A later turn is somebody else's request."""

        async def stop() -> None:
            try:
                if (await self._sessions.get(principal, session_id)).turn == turn:
                    await self._sessions.stop(principal, session_id)
            except InkError as error:
                log.warning("not_stopped", session=session_id, code=error.code, reason=str(error))

        task = asyncio.create_task(stop(), name=f"stop {session_id}")
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)

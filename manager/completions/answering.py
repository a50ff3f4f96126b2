"""The answer of a turn as pieces of text, until the turn ends or waits for a human.

An approval is told with where it is decided, and ends the answer: no front end waits for hours. The turn goes on by
itself, and what it says then is told with the next answer.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from audit.ledger import Event
from ink_core.errors import InkError, Unavailable
from manager.agent.guide.markdown import code, plain
from manager.completions.wire import CompletionUsage, Finish
from manager.sessions.live import Delta, Live

APART = "\n\n"


class TurnFailed(InkError):
    """The turn ended without an answer; the message says why."""

    code = "turn_failed"
    http_status = 502


class AnswerBroke(Unavailable):
    """The manager stops, or the client reads too slowly. The turn goes on."""


@dataclass
class Answer:
    """What came of it so far. `page` is the address of the page; `over`: nothing more is told of it now."""

    page: str
    usage: CompletionUsage = field(default_factory=CompletionUsage)
    finish: Finish = "stop"
    over: bool = False
    _written: str = ""
    _begun: bool = False

    async def pieces(self, stream: AsyncGenerator[Event | Live]) -> AsyncGenerator[str]:
        """From the events after the message. Raises `TurnFailed`, or `AnswerBroke` where they end before the answer."""
        async with aclosing(stream):
            async for piece in stream:
                for text in self._heard(piece):
                    yield text
                if self.over:
                    return
        raise AnswerBroke("the connection to the conversation broke; it goes on: write again to hear the answer")

    def _heard(self, piece: Event | Live) -> Iterator[str]:
        if isinstance(piece, Delta):
            yield from self._delta(piece)
        elif isinstance(piece, Event):
            yield from self._event(piece.kind, cast("dict[str, Any]", dict(piece.body)))

    def _delta(self, delta: Delta) -> Iterator[str]:
        """Pieces follow each other; one that does not fit is left out, as the whole reply comes with its record."""
        if delta.offset <= len(self._written) < delta.offset + len(delta.text):
            new = delta.text[len(self._written) - delta.offset :]
            if not self._written:
                yield from self._apart()
            self._written += new
            yield new

    def _event(self, kind: str, body: dict[str, Any]) -> Iterator[str]:
        match kind:
            case "model.replied":
                self._count(body)
                yield from self._rest(body["text"])
            case "model.failed":
                self._written = ""
            case "approval.requested":
                yield from self._note(_approval(body, plain(body["preview"].get("summary", body["tool"])), self.page))
                self.over = True
            case "subagent.waits":
                yield from self._note(_approval(body, _of_sub_agent(body), self.page))
                self.over = True
            case "budget.asked" | "session.trust_change_needed":
                yield from self._note(f"> **{plain(body['message'])}** It is decided on the page: <{self.page}>")
                self.over = kind == "budget.asked"
            case "turn.ended":
                yield from self._end(body["reason"], body.get("detail", ""))
            case _:
                pass

    def _rest(self, text: str) -> Iterator[str]:
        """What of the reply did not come in pieces."""
        rest, self._written = text[len(self._written) :] if text.startswith(self._written) else "", ""
        if rest.strip():
            if len(rest) == len(text):
                yield from self._apart()
            yield rest

    def _note(self, text: str) -> Iterator[str]:
        yield from self._apart()
        yield text

    def _end(self, reason: str, detail: str) -> Iterator[str]:
        self.over = True
        self.finish = "length" if reason == "limit" else "stop"
        if reason == "failed":
            raise TurnFailed(detail)
        if reason != "answered":
            yield from self._note(f"> **{plain(detail)}**")

    def _apart(self) -> Iterator[str]:
        if self._begun:
            yield APART
        self._begun = True

    def _count(self, body: dict[str, Any]) -> None:
        prompt, reply = self.usage.prompt_tokens + body["prompt_tokens"], body["completion_tokens"]
        reply += self.usage.completion_tokens
        self.usage = CompletionUsage(prompt_tokens=prompt, completion_tokens=reply, total_tokens=prompt + reply)


def _approval(body: dict[str, Any], what: str, page: str) -> str:
    who = "you on the page, or an administrator" if body["approver"] == "requester" else "an administrator"
    why = f"{plain(body['reason'])} " if "reason" in body else ""
    return (
        f"> **Approval needed**: {what}  \n"
        f"> {why}It is decided by {who}: <{page}/#/approvals> ({code(body['approval_id'])}, until "
        f"{body['expires_at'][:16]} UTC). The work goes on by itself then; write again to hear what came of it."
    )


def _of_sub_agent(body: dict[str, Any]) -> str:
    return (
        f"the sub-agent {plain(body['profile'])} wants to use {code(body['tool'])} (session {code(body['session_id'])})"
    )

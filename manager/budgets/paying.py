"""A question to a model and its price: reserved before it is sent, settled by the reply, given back without one.

Who stops a reply has had what was said of it so far: that is paid for, and so is one that broke off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from pydantic import JsonValue

from ink_core.errors import InkError
from manager.agent.context_budget import tokens
from manager.agent.model import ModelReply, TrustClass
from manager.agent.request_record import tokens_of_bytes
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.amounts import shown
from manager.budgets.desk import BudgetDesk
from manager.budgets.spender import Spender
from manager.budgets.usage import Used

log = structlog.get_logger()

REPLY_TOKENS = 2_000
"""Reserved for a reply before its length is known; a longer one is charged as it is."""


@dataclass(frozen=True)
class Question:
    """One question to a model: whose, under which number in its session, and to whom."""

    spender: Spender
    seq: int
    model: str

    @property
    def reservation(self) -> str:
        return f"{self.spender.agents[-1]}/{self.seq}"


@dataclass(frozen=True)
class Bill:
    desk: BudgetDesk
    question: Question
    prompt_tokens: int
    began: datetime
    heard: list[str] = field(default_factory=list[str])

    def hear(self, text: str) -> None:
        """A piece of the reply, which the user reads before its end."""
        self.heard.append(text)

    async def settle_without_end(self) -> None:
        """By estimates of what was sent and heard; that it cannot be written keeps nobody from stopping."""
        try:
            await self.settle(ModelReply("".join(self.heard), ()))
        except InkError as error:
            log.warning("broken_reply_not_charged", question=self.question.reservation, reason=str(error))

    async def settle(self, reply: ModelReply) -> None:
        """By the provider's counts, or by estimates where it gives none."""
        model, now = reply.model or self.question.model, self.desk.now()
        prompt = reply.prompt_tokens or self.prompt_tokens
        completion = reply.completion_tokens or tokens(reply.text + "".join(call.raw for call in reply.calls))
        used = Used(
            id=self.question.reservation,
            at=now,
            spender=self.question.spender,
            model=model,
            replies=1,
            prompt_tokens=prompt,
            completion_tokens=completion,
            money=self.desk.price(model).of(prompt, completion),
            wall_ms=max(0, (now - self.began) // timedelta(milliseconds=1)),
        )
        await self.desk.charge(self.question.reservation, used)


class NoBill:
    """Of what costs nothing."""

    def hear(self, text: str) -> None: ...

    async def settle(self, reply: ModelReply) -> None: ...


@asynccontextmanager
async def paying(
    desk: BudgetDesk | None, trust: TrustClass, question: Question, prompt_bytes: int
) -> AsyncGenerator[Bill | NoBill]:
    """`prompt_bytes` is the size of the request, sent in the block. Raises `BudgetExhausted` before anything is.

    The built-in guide costs nothing and is not counted.
    """
    if desk is None or trust is TrustClass.BUILTIN:
        yield NoBill()
        return
    prompt_tokens = tokens_of_bytes(prompt_bytes)
    most = desk.price(question.model).most(prompt_tokens, REPLY_TOKENS)
    await desk.reserve(question.spender, question.reservation, most)
    bill = Bill(desk, question, prompt_tokens, desk.now())
    try:
        yield bill
    except BaseException as error:
        if bill.heard or isinstance(error, asyncio.CancelledError):
            await bill.settle_without_end()
        raise
    finally:
        desk.give_back(question.reservation)


def asked_body(turn: int, exhausted: BudgetExhausted) -> dict[str, JsonValue]:
    """Body of `budget.asked`; the limits in the units of `amounts.shown`."""
    limits: dict[str, JsonValue] = {name: most for name, most in shown(exhausted.limits).items() if most is not None}
    return {
        "turn": turn,
        "account": exhausted.account,
        "measures": list(exhausted.measures),
        "limits": limits,
        "message": str(exhausted),
    }

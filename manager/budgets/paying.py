"""A question to a model and its price: reserved before it is sent, settled by the reply, given back without one."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import JsonValue

from manager.agent.context_budget import tokens
from manager.agent.model import ModelReply, TrustClass
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.amounts import MILLION
from manager.budgets.desk import BudgetDesk, Question

REPLY_TOKENS = 2_000
"""Reserved for a reply before its length is known; a longer one is charged as it is."""
PROMPT_BYTES = 3
"""Of one token of a request, on the safe side for English and Chinese."""


@dataclass(frozen=True)
class Bill:
    desk: BudgetDesk | None
    question: Question
    prompt_tokens: int

    async def settle(self, reply: ModelReply) -> None:
        """By the provider's counts, or by estimates where it gives none."""
        if self.desk is not None:
            prompt = reply.prompt_tokens or self.prompt_tokens
            completion = reply.completion_tokens or tokens(reply.text + "".join(call.raw for call in reply.calls))
            await self.desk.settle(self.question, reply.model or self.question.model, prompt, completion)


@asynccontextmanager
async def paying(
    desk: BudgetDesk | None, trust: TrustClass, question: Question, prompt_bytes: int
) -> AsyncGenerator[Bill]:
    """`prompt_bytes` is the size of the request. Raises `BudgetExhausted` before anything is sent.

    The built-in guide costs nothing and is not counted.
    """
    if desk is None or trust is TrustClass.BUILTIN:
        yield Bill(None, question, 0)
        return
    prompt_tokens = prompt_bytes // PROMPT_BYTES + 1
    await desk.reserve(question, prompt_tokens, REPLY_TOKENS)
    try:
        yield Bill(desk, question, prompt_tokens)
    finally:
        desk.give_back(question)


def asked_body(turn: int, exhausted: BudgetExhausted) -> dict[str, JsonValue]:
    """Body of `budget.asked`; money in the site's unit."""
    limits = dict[str, JsonValue]()
    if exhausted.limits.tokens is not None:
        limits["tokens"] = exhausted.limits.tokens
    if exhausted.limits.money is not None:
        limits["money"] = exhausted.limits.money / MILLION
    return {
        "turn": turn,
        "account": exhausted.account,
        "measures": list(exhausted.measures),
        "limits": limits,
        "message": str(exhausted),
    }

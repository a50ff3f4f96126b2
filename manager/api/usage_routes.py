"""What was used of language models, and the budgets: one's own for everybody, everybody's for administrators."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from audit.ledger import Record
from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.errors import Forbidden
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts
from manager.api.streams import User
from manager.budgets.amounts import MILLION, Limits
from manager.budgets.usage import By

router = Area(prefix="/api/v1/usage", tags=["usage"])
Administrator = Annotated[Principal, requires(Scope.ADMIN)]
MOST_LINES = 1000
Tokens = Annotated[int | None, Field(ge=0, le=10**15, description="Null for no limit.")]
Money = Annotated[float | None, Field(ge=0, le=1e9, description="In the site's unit of money; null for no limit.")]


class Usage(BaseModel):
    """Of one user, session or model since a time."""

    name: str
    replies: int
    prompt_tokens: int
    completion_tokens: int
    money: float


class UsageReport(BaseModel):
    since: datetime
    by: Literal["user", "session", "model"]
    lines: Sequence[Usage]


class Budget(BaseModel):
    """Limits of a user's calendar month (UTC), and what is spent of it."""

    username: str
    tokens: int | None
    money: float | None
    tokens_spent: int
    money_spent: float


class NewBudget(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tokens: Tokens
    money: Money

    def limits(self) -> Limits:
        return Limits.of_model(self.tokens, self.money)


COLUMNS: dict[str, By] = {"user": "username", "session": "session_id", "model": "model"}


@router.get("")
async def get_usage(
    principal: User,
    platform: Parts,
    by: Annotated[Literal["user", "session", "model"], Query(description="What is summed up.")] = "model",
    days: Annotated[int, Query(ge=1, le=800, description="How far back.")] = 30,
    everybody: Annotated[bool, Query(description="Of all users; for administrators.")] = False,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 100,
) -> UsageReport:
    """Tokens and money, those with most tokens first."""
    if everybody and not principal.administers:
        raise Forbidden("the usage of all users is for administrators; leave out `everybody` for your own")
    since = platform.core.clock.now() - timedelta(days=days)
    of = None if everybody else principal.username
    book = platform.usage
    lines = await asyncio.to_thread(lambda: book.lines(COLUMNS[by], since=since, username=of, limit=limit))
    told = [
        Usage(
            name=line.name,
            replies=line.replies,
            prompt_tokens=line.prompt_tokens,
            completion_tokens=line.completion_tokens,
            money=line.money / MILLION,
        )
        for line in lines
    ]
    return UsageReport(since=since, by=by, lines=told)


@router.get("/budget")
async def get_budget(principal: User, platform: Parts) -> Budget:
    """One's own for this month."""
    return await _budget(platform, principal.username)


@router.put("/budgets/{username}")
async def change_budget(username: str, new: NewBudget, principal: Administrator, platform: Parts) -> Budget:
    """From now on, for each month, instead of what the settings say."""
    await platform.core.identity.user(username)
    asked: dict[str, JsonValue] = {"username": username, "by": principal.username, **new.model_dump()}
    await platform.ledger.append("accounts", Record("budget.changed", asked))
    await platform.budgets.raise_user(username, new.limits(), principal.username)
    await platform.sessions.user_budget_raised(username, principal.username)
    return await _budget(platform, username)


async def _budget(platform: Parts, username: str) -> Budget:
    limits, spent = await platform.budgets.limits_of(username), await platform.budgets.spent_by(username)
    return Budget(
        username=username,
        tokens=limits.tokens,
        money=None if limits.money is None else limits.money / MILLION,
        tokens_spent=spent.tokens,
        money_spent=spent.money / MILLION,
    )

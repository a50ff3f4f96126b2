"""Budgets at work: a question to a model is let through when its cost fits, and what it cost is written down.

Accounts: the site › a user › a session. Those of the site and of users count a calendar month (UTC), a session's all
its life. What was spent is read from the database when an account is first needed; what is reserved is known here
alone, so that of several managers on one database each lets through what it does itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ink_core.clock import Clock
from manager.budgets.accounts import Accounts
from manager.budgets.amounts import NOTHING, UNLIMITED, Amounts, Limits
from manager.budgets.usage import UsageBook, Used

SITE = "site"
KEPT = timedelta(days=800)
MOST_OPEN = 10_000


@dataclass(frozen=True)
class Price:
    """Of a million tokens, in the site's unit of money."""

    prompt: float = 0.0
    completion: float = 0.0

    def of(self, prompt_tokens: int, completion_tokens: int) -> int:
        """In millionths of the unit, rounded up: what costs anything is never counted as nothing."""
        return -int(-(prompt_tokens * self.prompt + completion_tokens * self.completion) // 1)


@dataclass(frozen=True)
class SiteLimits:
    site: Limits = UNLIMITED
    user: Limits = UNLIMITED
    session: Limits = UNLIMITED


@dataclass(frozen=True)
class Question:
    """One question to a model: whose, in which session, under which number, and to whom."""

    username: str
    session_id: str
    seq: int
    model: str

    @property
    def reservation(self) -> str:
        return f"{self.session_id}/{self.seq}"


class BudgetDesk:
    """Uses the event loop's thread for accounts, others for the database."""

    def __init__(self, book: UsageBook, limits: SiteLimits, prices: Mapping[str, Price], clock: Clock) -> None:
        self._book = book
        self._limits = limits
        self._prices = prices
        self._clock = clock
        self._accounts = Accounts()
        self._month: datetime | None = None
        self._opening = asyncio.Lock()

    async def reserve(self, question: Question, prompt_tokens: int, completion_tokens: int) -> None:
        """Raises `BudgetExhausted` when one of the three accounts has not enough left; nothing is reserved then."""
        await self._open(question)
        money = self._price(question.model).of(prompt_tokens, completion_tokens)
        amounts = Amounts(tokens=prompt_tokens + completion_tokens, money=money)
        self._accounts.reserve(_session(question.session_id), question.reservation, amounts)

    async def settle(self, question: Question, model: str, prompt_tokens: int, completion_tokens: int) -> None:
        """What the reply cost, by the `model` that gave it; durable on return."""
        money = self._price(model).of(prompt_tokens, completion_tokens)
        used = Used(
            question.session_id,
            question.seq,
            self._clock.now(),
            question.username,
            model,
            prompt_tokens,
            completion_tokens,
            money,
        )
        self._accounts.settle(question.reservation, Amounts(tokens=prompt_tokens + completion_tokens, money=money))
        await asyncio.to_thread(self._book.add, used)

    def give_back(self, question: Question) -> None:
        """The question was not answered. Does nothing once it is settled."""
        self._accounts.settle(question.reservation, NOTHING)

    async def raise_session(self, username: str, session_id: str, limits: Limits) -> None:
        """For the rest of the session."""
        await self._raise(_session(session_id), limits, username)

    async def raise_user(self, username: str, limits: Limits, by: str) -> None:
        """From now on, for each month."""
        await self._raise(_user(username), limits, by)

    async def limits_of(self, username: str) -> Limits:
        """Of the user's month."""
        return await self._limits_of(_user(username), self._limits.user)

    async def spent_by(self, username: str) -> Amounts:
        """In the present month."""
        return await asyncio.to_thread(self._book.spent, since=month_of(self._clock.now()), username=username)

    async def forget(self) -> None:
        """What is older than anybody asks for goes."""
        await asyncio.to_thread(self._book.forget, self._clock.now() - KEPT)

    async def _raise(self, account: str, limits: Limits, by: str) -> None:
        await asyncio.to_thread(self._book.raise_limits, account, limits, by, self._clock.now())
        if account in self._accounts:
            self._accounts.account(account).limits = limits

    async def _open(self, question: Question) -> None:
        async with self._opening:
            month = month_of(self._clock.now())
            if month != self._month:
                self._accounts, self._month = Accounts(), month
                self._accounts.open(SITE, None, self._limits.site, await self._spent(since=month))
            user, session = _user(question.username), _session(question.session_id)
            if user not in self._accounts:
                spent = await self._spent(since=month, username=question.username)
                self._accounts.open(user, SITE, await self._limits_of(user, self._limits.user), spent)
            if session not in self._accounts:
                self._accounts.close_idle(MOST_OPEN)
                spent = await self._spent(session=question.session_id)
                self._accounts.open(session, user, await self._limits_of(session, self._limits.session), spent)

    async def _limits_of(self, account: str, otherwise: Limits) -> Limits:
        return await asyncio.to_thread(self._book.raised, account) or otherwise

    async def _spent(
        self, *, since: datetime | None = None, username: str | None = None, session: str | None = None
    ) -> Amounts:
        return await asyncio.to_thread(self._book.spent, since=since, username=username, session=session)

    def _price(self, model: str) -> Price:
        return self._prices.get(model, Price())


def month_of(now: datetime) -> datetime:
    """When the calendar month began."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _user(username: str) -> str:
    return f"user {username}"


def _session(session_id: str) -> str:
    return f"session {session_id}"

"""What was used, and the budgets: one's own for everybody, everybody's for administrators."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import reduce
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.errors import Forbidden
from ink_core.identity.principal import Principal, Scope
from manager.api.measures import Budget, NewBudget, OptionalMeasures, budget_of
from manager.api.platform import Parts
from manager.api.streams import User
from manager.budgets.amounts import HOUR_S, MILLION, Limits
from manager.budgets.spender import SITE, Spender, user_account
from manager.budgets.usage import By, Of, UsageLine

router = Area(prefix="/api/v1/usage", tags=["usage"])
Administrator = Annotated[Principal, requires(Scope.ADMIN)]
MOST_LINES = 1000
SummedBy = Literal["user", "task", "session", "agent", "model"]


class Usage(BaseModel):
    """Of one user, task, session, agent or model since a time. CPU-hours are those of jobs that have ended."""

    name: str
    replies: int
    prompt_tokens: int
    completion_tokens: int
    money: float
    calls: int
    wall_s: float
    cpu_hours: float


class UsageReport(BaseModel):
    since: datetime
    by: SummedBy
    lines: Sequence[Usage]


class SessionUsage(BaseModel):
    """`budgets` are those of the user, the task, the session and, of a sub-agent, those above it; `left` is the least
    of what these and the site have left.
    """

    session_id: str
    left: OptionalMeasures
    budgets: Sequence[Budget]


COLUMNS: dict[SummedBy, By] = {
    "user": "username",
    "task": "task_id",
    "session": "session_id",
    "agent": "agent_id",
    "model": "model",
}


@router.get("")
async def get_usage(
    principal: User,
    platform: Parts,
    by: Annotated[
        SummedBy, Query(description="What is summed up: a session with its sub-agents, or each agent apart.")
    ] = "model",
    days: Annotated[int, Query(ge=1, le=800, description="How far back.")] = 30,
    everybody: Annotated[bool, Query(description="Of all users; for administrators.")] = False,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 100,
) -> UsageReport:
    """All measures, those with most tokens first."""
    if everybody and not principal.administers:
        raise Forbidden("the usage of all users is for administrators; leave out `everybody` for your own")
    since = platform.core.clock.now() - timedelta(days=days)
    of = Of(since=since, username=None if everybody else principal.username)
    await platform.budgets.keep_up()
    lines = await asyncio.to_thread(lambda: platform.usage.lines(COLUMNS[by], of, limit=limit))
    return UsageReport(since=since, by=by, lines=[_shown(line) for line in lines])


@router.get("/budget")
async def get_budget(principal: User, platform: Parts) -> Budget:
    """One's own for this month (UTC)."""
    return budget_of(await platform.budgets.of_user(principal.username))


@router.get("/sessions/{session_id}")
async def get_session_usage(session_id: str, principal: User, platform: Parts) -> SessionUsage:
    """What a conversation that one may see has used and has left, on behalf of whoever wrote in it last.

    How the month of another user stands is not told, and not counted in `left`.
    """
    view = await platform.sessions.get(principal, session_id)
    author = view.authority.username if view.authority else view.owner
    spender = Spender(author, platform.sessions.access.task(view), view.agents)
    hidden = () if author == principal.username or principal.administers else (user_account(author),)
    balances = [each for each in await platform.budgets.balances(spender) if each.account not in hidden]
    left = reduce(Limits.within, (balance.left for balance in balances))
    budgets = [budget_of(balance) for balance in balances if balance.account != SITE]
    return SessionUsage(session_id=session_id, left=OptionalMeasures.of(left), budgets=budgets)


@router.get("/tasks/{task_id}")
async def get_task_usage(task_id: str, principal: User, platform: Parts) -> Budget:
    """What all members together have used in a task of one's own, and its limits."""
    task = platform.tasks.desk.seen(principal.username, task_id)
    return budget_of(await platform.budgets.of_task(task.task_id))


@router.get("/budgets/{username}")
async def get_budget_of_user(username: str, _: Administrator, platform: Parts) -> Budget:
    """Anybody's for this month (UTC)."""
    await platform.core.identity.user(username)
    return budget_of(await platform.budgets.of_user(username))


@router.put("/budgets/{username}")
async def change_budget(username: str, new: NewBudget, principal: Administrator, platform: Parts) -> Budget:
    """From now on, for each month, instead of what the settings say."""
    await platform.core.identity.user(username)
    await platform.limits.of_user(principal.username, username, new.limits())
    return budget_of(await platform.budgets.of_user(username))


def _shown(line: UsageLine) -> Usage:
    values = asdict(line)
    money, wall_ms, cpu_s = (values.pop(name) for name in ("money", "wall_ms", "cpu_s"))
    return Usage(**values, money=money / MILLION, wall_s=wall_ms / 1000, cpu_hours=cpu_s / HOUR_S)

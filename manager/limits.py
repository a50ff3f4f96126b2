"""Other limits for a user, a task or a conversation: recorded, in force, and the turns that waited for more go on.

Recorded comes first. What a crash kept from coming into force does so at the next start (`recover`).
"""

from __future__ import annotations

from pydantic import JsonValue

from audit.ledger import Ledger, Record
from ink_core.errors import Forbidden
from ink_core.identity.principal import Principal
from manager.budgets.amounts import UNLIMITED, Limits
from manager.budgets.desk import BudgetDesk
from manager.sessions.service import SessionService
from manager.sessions.view import SessionView
from manager.tasks.desk import TaskDesk
from manager.tasks.task import Task

CHAIN = "accounts"


class NotYourBudget(Forbidden):
    """What a session may use up is for its owner to say, whose turns it pays for, too."""

    code = "not_your_budget"


class LimitsDesk:
    def __init__(self, ledger: Ledger, budgets: BudgetDesk, sessions: SessionService, tasks: TaskDesk) -> None:
        self._ledger = ledger
        self._budgets = budgets
        self._sessions = sessions
        self._tasks = tasks

    async def recover(self) -> None:
        """Limits of tasks are in the ledger: what the budgets hold of them follows."""
        for task in self._tasks.all():
            if task.limits not in (UNLIMITED, await self._budgets.raised_task(task.task_id)):
                await self._budgets.raise_task(task.task_id, task.limits, task.owner)

    async def of_user(self, by: str, username: str, limits: Limits) -> None:
        """For each month from now on, instead of what the settings say."""
        body: dict[str, JsonValue] = {"username": username, "by": by, "limits": dict(limits.items())}
        await self._ledger.append(CHAIN, Record("budget.changed", body))
        await self._budgets.raise_user(username, limits, by)
        await self._sessions.budget_raised(by, username=username)

    async def of_task(self, by: str, task_id: str, limits: Limits) -> Task:
        """By its owner."""
        task = await self._tasks.limit(by, task_id, limits)
        await self._budgets.raise_task(task_id, limits, by)
        await self._sessions.budget_raised(by, task_id=task_id)
        return task

    async def of_session(self, principal: Principal, session_id: str, limits: Limits) -> SessionView:
        """Of one's own. Raises `NotYourBudget` to others who may steer it."""
        view = await self._sessions.steered(principal, session_id)
        if view.owner != principal.username:
            raise NotYourBudget(f"only {view.owner} gives this session a budget; ask for more there")
        await self._budgets.raise_session(principal.username, session_id, limits)
        await self._sessions.budget_raised(principal.username, session_id=session_id)
        return await self._sessions.get(principal, session_id)

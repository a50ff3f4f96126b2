"""What members of a task see of each other: conversations are shared with a word for it, and lost at once."""

from __future__ import annotations

from collections.abc import Sequence

from audit.ledger import Ledger, Record
from ink_core.errors import Conflict
from ink_core.identity.principal import Principal
from ink_core.identity.service import IdentityService
from ink_core.labels import Confidentiality, most_confidential
from manager.sessions.service import SessionService
from manager.sessions.view import SessionView
from manager.tasks.desk import TaskDesk
from manager.tasks.faults import SharedBefore, SharingUnconfirmed
from manager.tasks.memory import TaskMemory
from manager.tasks.task import Role, Task

SAID_BY_ITSELF = Confidentiality.SCRATCH
"""What is no more than this is shared without a further word."""


class TaskSharing:
    def __init__(
        self,
        desk: TaskDesk,
        memory: TaskMemory,
        sessions: SessionService,
        identity: IdentityService,
        ledger: Ledger,
    ) -> None:
        self._desk = desk
        self._memory = memory
        self._sessions = sessions
        self._identity = identity
        self._ledger = ledger

    async def confidentiality(self, task: Task) -> Confidentiality:
        """The highest that one of its conversations or sub-agents has seen, or that its memory holds."""
        shown = [*(await self._shared(task)), *self._memory.of(task.task_id)]
        return most_confidential(each.confidentiality for each in shown)

    async def sessions(self, principal: Principal, task: Task) -> Sequence[SessionView]:
        views = await self._sessions.in_task(task.task_id)
        shared = [view for view in views if self._sessions.access.share(principal, view) is not None]
        return [view for view in shared if view.delegation is None]

    async def add(self, by: str, task_id: str, member: str, role: Role, shows: Confidentiality | None) -> Task:
        """Raises `SharingUnconfirmed` where a new member would see more than `shows`, `NotFound` for nobody."""
        await self._identity.user(member)
        task = self._desk.owned(by, task_id)
        if member not in task.members:
            opened = sum(view.delegation is None for view in await self._shared(task))
            level = await self.confidentiality(task)
            _check_said(level, shows, f"{member} would see the task's memory and {opened} conversations")
        task = await self._desk.add(by, task_id, member, role)
        await self._sessions.check_shares(task_id)
        return task

    async def remove(self, by: str, task_id: str, member: str) -> None:
        """They see nothing more of the others' conversations, and the others nothing of theirs."""
        await self._desk.remove(by, task_id, member)
        await self._sessions.check_shares(task_id)

    async def close(self, by: str, task_id: str) -> None:
        """Conversations stay with those who opened them."""
        await self._desk.close(by, task_id)
        await self._sessions.check_shares(task_id)

    async def share(
        self, principal: Principal, task_id: str, session_id: str, shows: Confidentiality | None
    ) -> SessionView:
        """Put a session of one's own into a task, for good. Raises `SharedBefore`, `SharingUnconfirmed`."""
        task = self._desk.steered(principal.username, task_id)
        view = await self._sessions.get(principal, session_id)
        if view.owner != principal.username or view.delegation is not None:
            raise Conflict(f"the session {session_id} is not yours to share")
        if self._sessions.access.task(view) == task_id:
            return view
        if view.task_id not in (None, task_id):
            raise SharedBefore(f"the session {session_id} is part of another task already")
        others = len(task.members) - 1
        _check_said(view.confidentiality, shows, f"{others} other members of the task would see this conversation")
        body = Record("session.changed", {"task_id": task_id, "by": principal.username})
        await self._ledger.append(view.chain, body)
        return await self._sessions.get(principal, session_id)

    async def _shared(self, task: Task) -> Sequence[SessionView]:
        """What members may see, sub-agents' sessions too, which may hold what was withheld from those above them."""
        views = await self._sessions.in_task(task.task_id)
        return [view for view in views if self._sessions.access.task(view) == task.task_id]


def _check_said(level: Confidentiality, shows: Confidentiality | None, who_sees: str) -> None:
    needed = level.rank > SAID_BY_ITSELF.rank
    if needed and (shows is None or shows.rank < level.rank):
        raise SharingUnconfirmed(
            f"{who_sees}, with {level.value} data in it: files and results of others, and what was said of them. "
            f'Say so with "shows": "{level.value}"'
        )

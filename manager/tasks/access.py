"""Who may watch and steer a session of a task: its members, as long as the one who opened it is one of them.

Who left and came back has shared nothing of before: that takes a word of theirs for each session (`sharing`).
"""

from __future__ import annotations

from ink_core.identity.principal import Principal
from manager.sessions.access import Share
from manager.sessions.view import SessionView
from manager.tasks.desk import TaskDesk
from manager.tasks.task import Role, Task

_SHARES = {Role.OWNER: Share.STEER, Role.STEER: Share.STEER, Role.WATCH: Share.WATCH}


class TaskAccess:
    """Implements `SessionAccess`: what somebody opened is theirs, and goes when they go."""

    def __init__(self, tasks: TaskDesk) -> None:
        self._tasks = tasks

    def share(self, principal: Principal, view: SessionView) -> Share | None:
        if principal.username == view.owner:
            return Share.STEER
        task = self._shared_in(view)
        role = task.role(principal.username) if task else None
        return _SHARES[role] if role else None

    def readers(self, view: SessionView) -> frozenset[str]:
        task = self._shared_in(view)
        return frozenset({view.owner, *(task.members if task else ())})

    def task(self, view: SessionView) -> str | None:
        return view.task_id if self._shared_in(view) else None

    def adds_to(self, username: str, view: SessionView) -> str | None:
        """Implements `SessionAccess`: who watches adds nothing, from a session of their own neither."""
        task = self._shared_in(view)
        role = task.role(username) if task else None
        return task.task_id if task and role and _SHARES[role] is Share.STEER else None

    def _shared_in(self, view: SessionView) -> Task | None:
        task = self._tasks.find(view.task_id) if view.task_id else None
        member = task.members.get(view.owner) if task else None
        return task if member and view.in_task_since >= member.since else None

"""Where tasks are opened and changed: a fold over one chain of the ledger, and who may write what into it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import PurePosixPath

import structlog

from audit.ledger import Event, Ledger, Record
from ink_core.errors import Throttled
from knowledge_graph.contributions.desk import Observe, observed_by_nobody
from manager.budgets.amounts import Limits
from manager.tasks import task as records
from manager.tasks.faults import (
    BadWorkspace,
    NotYourTask,
    TaskNotFound,
    TooManyMembers,
    TooManyTasks,
    WatchesTask,
)
from manager.tasks.task import Role, Task, fold
from manager.tasks.telling import observation

log = structlog.get_logger()

CHAIN = "tasks"
MAX_TASKS = 200
"""Of one owner, that are not closed."""
MAX_MEMBERS = 100
MAX_WORKSPACE = 1_000


class TaskDesk:
    """Everything raises `TaskNotFound` for a task that the user is no member of. One change at a time.

    Limit: of several managers on one ledger, one knows of another's changes when it makes one itself.
    """

    def __init__(self, ledger: Ledger, observe: Observe = observed_by_nobody) -> None:
        self._ledger = ledger
        self._observe = observe
        self._tasks: dict[str, Task] = {}
        self._seq = 0
        self._lock = asyncio.Lock()

    async def recover(self) -> None:
        async with self._lock:
            self._tasks, self._seq = {}, 0
            await self._catch_up()
            for task_id in tuple(self._tasks):
                await self._tell(task_id)

    async def read_again(self, chain: str) -> None:
        """Content of this chain was erased: know what is left."""
        if chain == CHAIN:
            await self.recover()

    def find(self, task_id: str) -> Task | None:
        return self._tasks.get(task_id)

    def all(self) -> Sequence[Task]:
        return tuple(self._tasks.values())

    def of(self, username: str) -> Sequence[Task]:
        """Those that the user is a member of, the newest first."""
        mine = [task for task in self._tasks.values() if task.role(username)]
        return sorted(mine, key=lambda task: task.created_at, reverse=True)

    def seen(self, username: str, task_id: str) -> Task:
        task = self._tasks.get(task_id)
        if task is None or task.role(username) is None:
            raise TaskNotFound(f"you have no task {task_id[:64]}")
        return task

    def steered(self, username: str, task_id: str) -> Task:
        """One that the user may add to. Raises `WatchesTask`."""
        task = self.seen(username, task_id)
        if task.role(username) is Role.WATCH:
            raise WatchesTask(f"you watch the task {task.title!r}; {task.owner} can let you steer")
        return task

    def owned(self, username: str, task_id: str) -> Task:
        """Raises `NotYourTask`."""
        task = self.seen(username, task_id)
        if task.owner != username:
            raise NotYourTask(f"the task {task.title!r} is {task.owner}'s, who alone may do this")
        return task

    async def open(self, username: str, title: str, workspace: str = "") -> Task:
        """Raises `TooManyTasks`, `BadWorkspace`."""
        task_id = f"t{secrets.token_hex(8)}"
        async with self._changing():
            if sum(task.owner == username for task in self._tasks.values()) >= MAX_TASKS:
                raise TooManyTasks(f"you have {MAX_TASKS} tasks; close some of them first")
            await self._write(records.opened(task_id, username, title, _checked(workspace)))
        return self._tasks[task_id]

    async def change(self, username: str, task_id: str, title: str | None, workspace: str | None) -> Task:
        """None leaves it as it is."""
        async with self._changing():
            task = self.owned(username, task_id)
            path = task.workspace if workspace is None else _checked(workspace)
            await self._write(records.changed(task_id, username, title or task.title, path))
        return self._tasks[task_id]

    async def limit(self, username: str, task_id: str, limits: Limits) -> Task:
        async with self._changing():
            self.owned(username, task_id)
            await self._write(records.budgeted(task_id, username, limits))
        return self._tasks[task_id]

    async def add(self, username: str, task_id: str, member: str, role: Role) -> Task:
        """A new member, or another role for one. Raises `NotYourTask` also for the owner's own role."""
        async with self._changing():
            task = self.owned(username, task_id)
            if Role.OWNER in (role, task.role(member)):
                raise NotYourTask(f"the task {task.title!r} stays {task.owner}'s; others steer or watch")
            if member not in task.members and len(task.members) >= MAX_MEMBERS:
                raise TooManyMembers(f"a task has at most {MAX_MEMBERS} members")
            await self._write(records.joined(task_id, username, member, role))
        return self._tasks[task_id]

    async def remove(self, username: str, task_id: str, member: str) -> None:
        """Its owner removes a member; anybody else leaves. One who is no member is removed already."""
        async with self._changing():
            task = self.seen(username, task_id) if member == username else self.owned(username, task_id)
            if member == task.owner:
                raise NotYourTask("the owner of a task cannot leave it; close it")
            if member in task.members:
                await self._write(records.left(task_id, username, member))

    async def close(self, username: str, task_id: str) -> Task:
        """As it was."""
        async with self._changing():
            task = self.owned(username, task_id)
            await self._write(records.closed(task_id, username))
        return task

    @asynccontextmanager
    async def _changing(self) -> AsyncGenerator[None]:
        """What is durable although whoever asked for it did not wait is known, too."""
        async with self._lock:
            await self._catch_up()
            yield

    async def _write(self, record: Record) -> None:
        self._folded(await self._ledger.append(CHAIN, record))
        await self._tell(str(record.body["task_id"]))

    async def _tell(self, task_id: str) -> None:
        """A model that is too busy is told at the next change, or the next start."""
        try:
            await self._observe(observation(task_id, self._tasks.get(task_id)))
        except Throttled as error:
            log.warning("task_not_told", task=task_id, reason=str(error))

    async def _catch_up(self) -> None:
        self._folded(await self._ledger.read(CHAIN, after=self._seq))

    def _folded(self, events: Sequence[Event]) -> None:
        for event in events:
            task_id, self._seq = str(event.body["task_id"]), event.seq
            task = fold(self._tasks.get(task_id), event)
            if task is None:
                self._tasks.pop(task_id, None)
            else:
                self._tasks[task_id] = task


def _checked(workspace: str) -> str:
    path = PurePosixPath(workspace)
    if workspace and not (path.is_absolute() and workspace.isprintable() and ".." not in path.parts):
        raise BadWorkspace("a workspace is an absolute path without '..': /data/higgs")
    if len(workspace) > MAX_WORKSPACE:
        raise BadWorkspace(f"a path has at most {MAX_WORKSPACE} characters")
    return str(path) if workspace else ""

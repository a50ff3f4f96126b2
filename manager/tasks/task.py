"""A task as it stands, and the records that it is a fold over. Pure.

What people said stands in `title` and `detail`, which are the ledger's names of personal content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import JsonValue

from audit.ledger import Event, Record
from manager.budgets.amounts import UNLIMITED, Limits

OPENED = "task.opened"
CHANGED = "task.changed"
BUDGET = "task.budget"
JOINED = "task.joined"
LEFT = "task.left"
CLOSED = "task.closed"


class Role(StrEnum):
    """`OWNER` also says who else is a member, and what may be spent."""

    OWNER = "owner"
    STEER = "steer"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Member:
    """`since` they joined, in whatever role; who left and came back, since then."""

    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """`workspace` is a directory that its members have agreed on, or ''; `members` has its owner, too."""

    task_id: str
    owner: str
    title: str
    created_at: datetime
    workspace: str = ""
    limits: Limits = UNLIMITED
    members: Mapping[str, Member] = field(default_factory=dict[str, Member])

    def role(self, username: str) -> Role | None:
        member = self.members.get(username)
        return member.role if member else None


def opened(task_id: str, by: str, title: str, workspace: str) -> Record:
    return _record(OPENED, task_id, by, title=title, detail={"workspace": workspace})


def changed(task_id: str, by: str, title: str, workspace: str) -> Record:
    return _record(CHANGED, task_id, by, title=title, detail={"workspace": workspace})


def budgeted(task_id: str, by: str, limits: Limits) -> Record:
    return _record(BUDGET, task_id, by, limits=dict(limits.items()))


def joined(task_id: str, by: str, username: str, role: Role) -> Record:
    return _record(JOINED, task_id, by, user=username, role=role.value)


def left(task_id: str, by: str, username: str) -> Record:
    return _record(LEFT, task_id, by, user=username)


def closed(task_id: str, by: str) -> Record:
    return _record(CLOSED, task_id, by)


def fold(task: Task | None, event: Event) -> Task | None:
    """The task after the next of its records; None once it is closed."""
    body: Mapping[str, Any] = event.body
    if event.kind == OPENED:
        owner = Member(Role.OWNER, event.time)
        return Task(
            str(body["task_id"]),
            str(body["by"]),
            str(body["title"]),
            event.time,
            _workspace(body),
            members={str(body["by"]): owner},
        )
    if task is None:
        return None
    match event.kind:
        case "task.changed":
            return replace(task, title=str(body["title"]), workspace=_workspace(body))
        case "task.budget":
            return replace(task, limits=Limits(**body["limits"]))
        case "task.joined":
            return replace(task, members={**task.members, str(body["user"]): _member(task, event)})
        case "task.left":
            members = {name: member for name, member in task.members.items() if name != body["user"]}
            return replace(task, members=members)
        case "task.closed":
            return None
        case _:
            return task


def _member(task: Task, event: Event) -> Member:
    known = task.members.get(str(event.body["user"]))
    return Member(Role(str(event.body["role"])), known.since if known else event.time)


def _record(kind: str, task_id: str, by: str, **said: JsonValue) -> Record:
    return Record(kind, {"task_id": task_id, "by": by, **said})


def _workspace(body: Mapping[str, Any]) -> str:
    """'' where it was erased."""
    return str(body["detail"].get("workspace", ""))

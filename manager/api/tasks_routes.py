"""Tasks: what several people work on together, its members, its conversations and its memory."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.area import Area
from ink_core.labels import Confidentiality
from knowledge_graph.contributions.contribution import Contribution, ContributionKind, Standing
from knowledge_graph.contributions.telling import told_version
from manager.api.measures import NewBudget, OptionalMeasures
from manager.api.platform import Parts, Platform
from manager.api.session_view import Session, session_view
from manager.api.streams import User
from manager.tasks.desk import MAX_WORKSPACE
from manager.tasks.task import Role, Task

router = Area(prefix="/api/v1/tasks", tags=["tasks"])
Limit = Annotated[int, Query(ge=1, le=1000)]
Username = Annotated[str, Path(max_length=64)]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Workspace = Annotated[str, Field(max_length=MAX_WORKSPACE, description="An absolute path, or empty.")]


class NewTask(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Title
    workspace: Workspace = ""


class TaskChange(BaseModel):
    """Only the fields that are given are changed."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    workspace: Workspace | None = None


class Shown(BaseModel):
    """`shows`: the caller knows that others will see data of this confidentiality."""

    model_config = ConfigDict(extra="forbid")

    shows: Confidentiality | None = None


class NewMember(Shown):
    role: Literal["steer", "watch"]


class TaskMember(BaseModel):
    username: str
    role: Role
    since: datetime


class TaskMemoryRow(BaseModel):
    """`session_id` is where it was found out, `by_hand` whether a person wrote it.

    Agents read it as untrusted until it is `trusted`: a person has reviewed it for everybody.
    """

    contribution_id: str
    kind: ContributionKind
    title: str
    text: str
    author: str
    by_hand: bool
    at: datetime
    session_id: str
    standing: Standing
    confidentiality: Confidentiality
    trusted: bool


class TaskMemories(BaseModel):
    memories: list[TaskMemoryRow]


class TaskView(BaseModel):
    """`role` is the caller's; `budget` is what the agents of all its members may use up together, `confidentiality` the
    highest of its conversations and its memory.
    """

    task_id: str
    title: str
    owner: str
    created_at: datetime
    workspace: str
    role: Role
    members: list[TaskMember]
    budget: OptionalMeasures
    confidentiality: Confidentiality


@router.get("")
async def list_tasks(principal: User, platform: Parts) -> list[TaskView]:
    """Those that one is a member of, the newest first."""
    return [await _view(platform, principal.username, task) for task in platform.tasks.desk.of(principal.username)]


@router.post("", status_code=201)
async def open_task(new: NewTask, principal: User, platform: Parts) -> TaskView:
    """One's own, without other members at first."""
    task = await platform.tasks.desk.open(principal.username, new.title, new.workspace)
    return await _view(platform, principal.username, task)


@router.get("/{task_id}")
async def get_task(task_id: str, principal: User, platform: Parts) -> TaskView:
    """One that one is a member of."""
    return await _view(platform, principal.username, platform.tasks.desk.seen(principal.username, task_id))


@router.patch("/{task_id}")
async def change_task(task_id: str, change: TaskChange, principal: User, platform: Parts) -> TaskView:
    """Its title or its workspace, by its owner."""
    task = await platform.tasks.desk.change(principal.username, task_id, change.title, change.workspace)
    return await _view(platform, principal.username, task)


@router.delete("/{task_id}", status_code=204)
async def close_task(task_id: str, principal: User, platform: Parts) -> None:
    """By its owner: nothing of it is shared any more; conversations stay with those who opened them."""
    await platform.tasks.sharing.close(principal.username, task_id)


@router.put("/{task_id}/budget")
async def change_task_budget(task_id: str, budget: NewBudget, principal: User, platform: Parts) -> TaskView:
    """By its owner; turns that wait for a budget try again."""
    task = await platform.limits.of_task(principal.username, task_id, budget.limits())
    return await _view(platform, principal.username, task)


@router.put("/{task_id}/members/{username}")
async def put_task_member(
    task_id: str, username: Username, new: NewMember, principal: User, platform: Parts
) -> TaskView:
    """A new member, or another role for one, by its owner; `shows` says that one knows what a new member will see."""
    role = Role(new.role)
    task = await platform.tasks.sharing.add(principal.username, task_id, username, role, new.shows)
    return await _view(platform, principal.username, task)


@router.delete("/{task_id}/members/{username}", status_code=204)
async def remove_task_member(task_id: str, username: Username, principal: User, platform: Parts) -> None:
    """By its owner, or oneself; open streams of the others' conversations end at once."""
    await platform.tasks.sharing.remove(principal.username, task_id, username)


@router.get("/{task_id}/sessions")
async def list_task_sessions(task_id: str, principal: User, platform: Parts) -> list[Session]:
    """All members' conversations in it, the newest first."""
    task = platform.tasks.desk.seen(principal.username, task_id)
    views = await platform.tasks.sharing.sessions(principal, task)
    return [session_view(platform, principal, view) for view in views]


@router.put("/{task_id}/sessions/{session_id}")
async def share_session(task_id: str, session_id: str, shown: Shown, principal: User, platform: Parts) -> Session:
    """Put a conversation of one's own into the task, for good: its members watch it, and steer it by their roles."""
    view = await platform.tasks.sharing.share(principal, task_id, session_id, shown.shows)
    return session_view(platform, principal, view)


@router.get("/{task_id}/memory")
async def list_task_memory(task_id: str, principal: User, platform: Parts, limit: Limit = 100) -> TaskMemories:
    """What conversations and sub-agents of it found out, the one written last first; all members' agents are told."""
    task = platform.tasks.desk.seen(principal.username, task_id)
    return TaskMemories(memories=[_memory(each) for each in platform.tasks.memory.of(task.task_id)[:limit]])


@router.delete("/{task_id}/memory/{contribution_id}", status_code=204)
async def forget_task_memory(task_id: str, contribution_id: str, principal: User, platform: Parts) -> None:
    """By the owner of the task, or by who said it: no agent is told of it any more; it stays on record."""
    task = platform.tasks.desk.seen(principal.username, task_id)
    await platform.tasks.memory.forget(task, contribution_id, principal.username)


def _memory(each: Contribution) -> TaskMemoryRow:
    latest = told_version(each) or each.latest
    return TaskMemoryRow(
        contribution_id=each.id,
        kind=each.kind,
        title=latest.content.title,
        text=latest.content.text,
        author=latest.author,
        by_hand=latest.by_hand,
        at=latest.at,
        session_id=each.step.session_id if each.step else "",
        standing=latest.standing,
        confidentiality=each.confidentiality,
        trusted=each.in_force is not None,
    )


async def _view(platform: Platform, username: str, task: Task) -> TaskView:
    role = task.role(username)
    assert role is not None, "tasks are told to their members"
    members = [TaskMember(username=name, role=each.role, since=each.since) for name, each in task.members.items()]
    return TaskView(
        task_id=task.task_id,
        title=task.title,
        owner=task.owner,
        created_at=task.created_at,
        workspace=task.workspace,
        role=role,
        members=members,
        budget=OptionalMeasures.of(task.limits),
        confidentiality=await platform.tasks.sharing.confidentiality(task),
    )

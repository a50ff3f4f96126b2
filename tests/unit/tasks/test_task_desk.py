"""Tasks and their members: who may do what, and what is left of it after a restart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.ledger import Record
from audit.memory import MemoryLedger
from manager.budgets.amounts import UNLIMITED, Limits
from manager.tasks import desk as desks
from manager.tasks.desk import CHAIN, TaskDesk
from manager.tasks.faults import (
    BadWorkspace,
    NotYourTask,
    TaskNotFound,
    TooManyMembers,
    TooManyTasks,
    WatchesTask,
)
from manager.tasks.task import Role, Task


async def with_members(desk: TaskDesk) -> Task:
    """Alice's, in which Bob steers and Carol watches."""
    task = await desk.open("alice", "Higgs", "/data/higgs")
    await desk.add("alice", task.task_id, "bob", Role.STEER)
    return await desk.add("alice", task.task_id, "carol", Role.WATCH)


async def test_a_task_has_an_owner_members_with_roles_a_workspace_and_a_budget() -> None:
    desk = TaskDesk(MemoryLedger())
    task = await with_members(desk)
    task = await desk.limit("alice", task.task_id, Limits(tokens=1000, money=5))
    assert {name: member.role for name, member in task.members.items()} == {
        "alice": Role.OWNER,
        "bob": Role.STEER,
        "carol": Role.WATCH,
    }
    assert (task.owner, task.title, task.workspace) == ("alice", "Higgs", "/data/higgs")
    assert task.limits == Limits(tokens=1000, money=5)


async def test_a_restart_knows_every_task_as_it_was() -> None:
    ledger = MemoryLedger()
    desk = TaskDesk(ledger)
    task = await with_members(desk)
    await desk.change("alice", task.task_id, "Higgs to tau tau", None)
    await desk.limit("alice", task.task_id, Limits(tokens=7))
    await desk.remove("carol", task.task_id, "carol")
    closed = await desk.open("bob", "over")
    await desk.close("bob", closed.task_id)
    restarted = TaskDesk(ledger)
    await restarted.recover()
    assert restarted.seen("alice", task.task_id) == desk.seen("alice", task.task_id)
    assert restarted.seen("alice", task.task_id).title == "Higgs to tau tau"
    assert restarted.find(closed.task_id) is None


async def test_for_who_is_no_member_there_is_no_task() -> None:
    desk = TaskDesk(MemoryLedger())
    task = await with_members(desk)
    with pytest.raises(TaskNotFound):
        desk.seen("mallory", task.task_id)
    with pytest.raises(TaskNotFound):
        await desk.add("mallory", task.task_id, "mallory", Role.STEER)
    with pytest.raises(TaskNotFound):
        await desk.remove("mallory", task.task_id, "mallory")
    assert not desk.of("mallory")


@pytest.mark.parametrize("who", ["bob", "carol"])
async def test_only_the_owner_says_who_is_a_member_and_what_may_be_spent(who: str) -> None:
    desk = TaskDesk(MemoryLedger())
    task = await with_members(desk)
    with pytest.raises(NotYourTask):
        await desk.add(who, task.task_id, "mallory", Role.WATCH)
    with pytest.raises(NotYourTask):
        await desk.add(who, task.task_id, who, Role.STEER)
    with pytest.raises(NotYourTask):
        await desk.remove(who, task.task_id, "alice")
    with pytest.raises(NotYourTask):
        await desk.limit(who, task.task_id, UNLIMITED)
    with pytest.raises(NotYourTask):
        await desk.change(who, task.task_id, "mine", None)
    with pytest.raises(NotYourTask):
        await desk.close(who, task.task_id)
    assert desk.seen("alice", task.task_id) == task


async def test_there_is_one_owner_for_good_and_who_owns_a_task_does_not_leave_it() -> None:
    desk = TaskDesk(MemoryLedger())
    task = await with_members(desk)
    with pytest.raises(NotYourTask):
        await desk.add("alice", task.task_id, "bob", Role.OWNER)
    with pytest.raises(NotYourTask):
        await desk.add("alice", task.task_id, "alice", Role.WATCH)
    with pytest.raises(NotYourTask, match="close it"):
        await desk.remove("alice", task.task_id, "alice")


async def test_who_watches_adds_nothing_until_the_owner_lets_them_steer() -> None:
    desk = TaskDesk(MemoryLedger())
    task = await with_members(desk)
    assert desk.steered("bob", task.task_id) == task
    with pytest.raises(WatchesTask):
        desk.steered("carol", task.task_id)
    await desk.add("alice", task.task_id, "carol", Role.STEER)
    assert desk.steered("carol", task.task_id).role("carol") is Role.STEER


async def test_members_leave_and_to_remove_one_twice_changes_nothing() -> None:
    ledger = MemoryLedger()
    desk = TaskDesk(ledger)
    task = await with_members(desk)
    await desk.remove("bob", task.task_id, "bob")
    await desk.remove("alice", task.task_id, "carol")
    before = len(await ledger.read(CHAIN))
    await desk.remove("alice", task.task_id, "carol")
    assert len(await ledger.read(CHAIN)) == before
    with pytest.raises(TaskNotFound):
        desk.seen("bob", task.task_id)


@pytest.mark.parametrize("path", ["data", "/data/../etc", "/data\n", "/" + "x" * 1001])
async def test_a_workspace_is_a_plain_absolute_path(path: str) -> None:
    desk = TaskDesk(MemoryLedger())
    with pytest.raises(BadWorkspace):
        await desk.open("alice", "Higgs", path)
    task = await desk.open("alice", "Higgs", "/data/higgs")
    with pytest.raises(BadWorkspace):
        await desk.change("alice", task.task_id, None, path)


async def test_tasks_and_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "MAX_TASKS", 1)
    monkeypatch.setattr(desks, "MAX_MEMBERS", 2)
    desk = TaskDesk(MemoryLedger())
    task = await desk.open("alice", "Higgs")
    with pytest.raises(TooManyTasks):
        await desk.open("alice", "another")
    await desk.add("alice", task.task_id, "bob", Role.WATCH)
    with pytest.raises(TooManyMembers):
        await desk.add("alice", task.task_id, "carol", Role.WATCH)
    assert (await desk.add("alice", task.task_id, "bob", Role.STEER)).role("bob") is Role.STEER


async def test_what_is_erased_is_gone_and_its_members_stay() -> None:
    ledger = MemoryLedger()
    desk = TaskDesk(ledger)
    task = await with_members(desk)
    events = await ledger.read(CHAIN)
    await ledger.erase({CHAIN: [event.seq for event in events]}, Record("audit.erased", {"by": "root"}))
    await desk.read_again(CHAIN)
    left = desk.seen("alice", task.task_id)
    assert (left.title, left.workspace) == ("[redacted:erased]", "")
    assert left == replace(task, title=left.title, workspace="")

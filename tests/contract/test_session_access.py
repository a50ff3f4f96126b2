"""What every `SessionAccess` promises of a session that is its owner's alone, and that a task adds to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit.memory import MemoryLedger
from ink_core.clock import ManualClock
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.agent.model import TrustClass
from manager.sessions.access import OwnerOnly, SessionAccess, Share
from manager.sessions.view import SessionView
from manager.tasks.access import TaskAccess
from manager.tasks.desk import TaskDesk
from manager.tasks.task import Role


def principal(username: str) -> Principal:
    return Principal(username=username, is_admin=False, scopes=USER_SCOPES, credential="token:1")


ALICE, BOB, CAROL = map(principal, ("alice", "bob", "carol"))
CLOCK = ManualClock()


def session(task_id: str | None = None) -> SessionView:
    now = CLOCK.now() + timedelta(seconds=1)
    guide = TrustClass.BUILTIN
    return SessionView("s1", "alice", "", None, "guide", guide, now, 1, in_task_since=now, used_at=now, task_id=task_id)


@pytest.fixture(params=["double", "tasks"])
def access(request: pytest.FixtureRequest) -> SessionAccess:
    return OwnerOnly() if request.param == "double" else TaskAccess(TaskDesk(MemoryLedger(CLOCK)))


@pytest.mark.parametrize("task_id", [None, "t-closed"])
def test_a_session_outside_of_all_tasks_is_its_owners_alone(access: SessionAccess, task_id: str | None) -> None:
    view = session(task_id)
    assert access.share(ALICE, view) is Share.STEER
    assert access.share(BOB, view) is None
    assert access.readers(view) == {"alice"}
    assert access.task(view) is None
    assert access.adds_to("alice", view) is None


@pytest.mark.requirement("AGENT-TASK-02")
async def test_members_read_a_session_of_their_task_and_those_who_steer_add_to_it() -> None:
    tasks = TaskDesk(MemoryLedger(CLOCK))
    task_id = (await tasks.open("alice", "Higgs")).task_id
    await tasks.add("alice", task_id, "bob", Role.STEER)
    await tasks.add("alice", task_id, "carol", Role.WATCH)
    access, view = TaskAccess(tasks), session(task_id)
    assert [access.share(each, view) for each in (ALICE, BOB, CAROL)] == [Share.STEER, Share.STEER, Share.WATCH]
    assert access.readers(view) == {"alice", "bob", "carol"}
    assert access.task(view) == task_id
    assert [access.adds_to(each, view) for each in ("alice", "bob", "carol", "dan")] == [task_id, task_id, None, None]

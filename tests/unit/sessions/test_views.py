"""Views of sessions: a bounded number in memory, and every session still there."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from audit.chains import session_chain
from audit.ledger import Record
from audit.memory import MemoryLedger
from manager.sessions.views import SessionNotFound, SessionViews


async def opened(ledger: MemoryLedger, session_id: str, owner: str) -> None:
    body: dict[str, JsonValue] = {"owner": owner, "title": session_id, "worker_id": None, "model": "m", "trust": "site"}
    await ledger.append(session_chain(session_id), Record("session.opened", body))


async def test_views_beyond_the_bound_are_folded_again_and_nothing_is_lost() -> None:
    ledger = MemoryLedger()
    views = SessionViews(ledger, kept=3)
    for number in range(10):
        await opened(ledger, f"s{number}", "alice" if number % 2 else "bob")
        await views.latest(f"s{number}")
    assert views.in_memory == 3
    assert list(views.ids(owner="alice")) == ["s1", "s3", "s5", "s7", "s9"]
    for number in range(10):
        await ledger.append(session_chain(f"s{number}"), Record("session.changed", {"title": f"new {number}"}))
        view = await views.latest(f"s{number}")
        assert (view.title, view.last_seq) == (f"new {number}", 2)
    assert views.in_memory == 3


async def test_sessions_are_found_by_owner_and_by_the_task_that_they_are_of_now() -> None:
    ledger = MemoryLedger()
    views = SessionViews(ledger)
    for session_id, owner in (("s1", "alice"), ("s2", "bob"), ("s3", "alice")):
        await opened(ledger, session_id, owner)
        await views.latest(session_id)
    for task_id in ("t1", "t2"):
        await ledger.append(session_chain("s3"), Record("session.changed", {"task_id": task_id, "by": "alice"}))
        await views.latest("s3")
    assert [list(views.ids(task_id=task_id)) for task_id in ("t1", "t2", "t3")] == [[], ["s3"], []]
    assert list(views.ids(task_id="t2", owner="bob")) == []
    assert [list(views.ids(owner=owner)) for owner in ("alice", "bob", "carol")] == [["s1", "s3"], ["s2"], []]


async def test_a_session_that_is_used_stays_in_memory() -> None:
    ledger = MemoryLedger()
    views = SessionViews(ledger, kept=2)
    for session_id in ("s1", "s2"):
        await opened(ledger, session_id, "alice")
    first = await views.latest("s1")
    await views.latest("s2")
    assert await views.latest("s1") is first
    await opened(ledger, "s3", "alice")
    await views.latest("s3")
    assert await views.latest("s1") is first


async def test_a_session_that_was_never_opened_is_not_found() -> None:
    with pytest.raises(SessionNotFound):
        await SessionViews(MemoryLedger()).latest("s1")

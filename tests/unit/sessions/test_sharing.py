"""Who may do what with a session that is shared, and what a sub-agent's session may use."""

from __future__ import annotations

import pytest

from manager.sessions.delegation import Delegation
from manager.sessions.service import SessionNotFound, WatchOnly
from manager.subagents.sessions import ChildSessions
from tests.unit.sessions.setting import ALICE, BOB, Setting, SharedOut, calls, repeats_result, says

CAROL = ALICE.model_copy(update={"username": "carol"})


async def test_one_who_may_watch_reads_a_session_and_cannot_steer_it() -> None:
    setting = Setting(says("hello"))
    setting.access = SharedOut()
    service = await setting.start()
    session = await service.open(ALICE, "shared", None, task_id="t1")
    assert (await service.get(BOB, session.session_id)).title == "shared"
    with pytest.raises(WatchOnly, match="ask the owner"):
        await service.post(BOB, session.session_id, "hello")
    with pytest.raises(WatchOnly):
        await service.stop(BOB, session.session_id)
    with pytest.raises(WatchOnly):
        await service.change(BOB, session.session_id, {"title": "mine"})


async def test_for_anybody_else_there_is_no_such_session() -> None:
    setting = Setting()
    setting.access = SharedOut()
    service = await setting.start()
    in_a_task = await service.open(ALICE, "", None, task_id="t1")
    alone = await service.open(ALICE, "", None)
    for principal, session in ((CAROL, in_a_task), (BOB, alone)):
        with pytest.raises(SessionNotFound):
            await service.get(principal, session.session_id)
        with pytest.raises(SessionNotFound):
            await service.post(principal, session.session_id, "hello")


async def test_an_agent_that_was_given_fewer_tools_than_its_user_has_cannot_use_another() -> None:
    setting = Setting(calls("remove_jobs"), repeats_result)
    service = await setting.start()
    given = Delegation(call_id="s1.1.0", profile="reader", tools=frozenset({"list_jobs"}), ancestors=("s1",))
    session = await service.open(ALICE, "", None, delegation=given)
    assert setting.gate is not None
    children = ChildSessions(setting.ledger, service, setting.gate.lockout)
    await children.tell(session.session_id, ALICE, "remove my jobs", None)
    refused = await setting.until(session.session_id, "call.refused")
    assert refused.body["code"] == "tool_not_granted"
    await setting.until(session.session_id, "turn.ended")
    assert setting.ran == 0


async def test_the_session_of_a_sub_agent_is_not_in_its_users_list() -> None:
    setting = Setting()
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    given = Delegation(call_id="s1.1.0", profile="p", tools=frozenset(), ancestors=(session.session_id,))
    child = await service.open(ALICE, "", None, delegation=given)
    assert [view.session_id for view in await service.list(ALICE)] == [session.session_id]
    assert child.delegation is not None
    assert (child.delegation.parent, child.delegation.depth) == (session.session_id, 1)

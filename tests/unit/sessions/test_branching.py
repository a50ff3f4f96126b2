"""Edit, retry, and going back: the turn that is left is stopped, and what was approved for it counts no more."""

from __future__ import annotations

import asyncio

import pytest

from audit.ledger import Event
from ink_core.errors import InkError
from ink_core.identity.principal import Principal, Scope
from manager.agent.model import UserTurn
from manager.gate.approvals import ApprovalClosed, GrantAsked
from manager.gate.gate import Gate
from manager.replay import replay
from manager.sessions.access import Share
from manager.sessions.branching import branch, go_back
from manager.sessions.reading import ConversationTooWide
from manager.sessions.service import SessionNotFound, SessionService, WatchOnly
from manager.sessions.turns import NotYourWords, TurnNotFound
from manager.sessions.view import SessionView
from mcp_tools import todos
from tests.unit.sessions.setting import ADMIN, ALICE, BOB, Setting, calls, repeats_result, says

OF_BOB = calls("remove_jobs", owner="bob")


class Everybody:
    """Lets everybody steer, or only watch."""

    def __init__(self, share: Share) -> None:
        self._share = share

    def share(self, principal: Principal, view: SessionView) -> Share | None:
        return Share.STEER if principal.username == view.owner else self._share

    def readers(self, view: SessionView) -> frozenset[str]:
        return frozenset({view.owner, "bob"})

    def task(self, view: SessionView) -> str | None:
        return None

    def adds_to(self, username: str, view: SessionView) -> str | None:
        return None


async def opened(setting: Setting, text: str = "first") -> tuple[SessionService, str]:
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, text)
    return service, session.session_id


async def over(setting: Setting, session_id: str, turn: int) -> Event:
    return await setting.until(session_id, "turn.ended", lambda event: event.body["turn"] == turn)


def gate_of(setting: Setting) -> Gate:
    assert setting.gate is not None
    return setting.gate


def asked_last(setting: Setting) -> list[str]:
    return [turn.text for turn in setting.model.requests[-1].turns if isinstance(turn, UserTurn)]


@pytest.mark.requirement("AGENT-LOOP-08")
async def test_an_edited_message_is_asked_instead_and_the_old_one_stays_to_be_seen() -> None:
    setting = Setting(says("1"), says("2"), says("3"))
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)
    await service.post(ALICE, session_id, "second")
    await over(setting, session_id, 2)
    await branch(service, ALICE, session_id, 2, "second, better")
    await over(setting, session_id, 3)
    assert asked_last(setting) == ["first", "second, better"]
    turns = await service.turns(ALICE, session_id)
    assert [(turn.turn, turn.parent, turn.text, turn.ended, turn.on_path) for turn in turns] == [
        (1, 0, "first", "answered", True),
        (2, 1, "second", "answered", False),
        (3, 1, "second, better", "answered", True),
    ]


@pytest.mark.requirement("AGENT-LOOP-08")
async def test_ones_own_words_are_asked_again_and_the_old_way_is_gone_back_to() -> None:
    setting = Setting(says("1"), says("again"), says("on"))
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)
    await branch(service, ALICE, session_id, 1, None)
    await over(setting, session_id, 2)
    assert asked_last(setting) == ["first"]
    await go_back(service, ALICE, session_id, 1)
    await service.post(ALICE, session_id, "go on")
    await over(setting, session_id, 3)
    assert asked_last(setting) == ["first", "go on"]
    assert [turn.on_path for turn in await service.turns(ALICE, session_id)] == [True, False, True]


@pytest.mark.requirement("AGENT-PLAN-02")
async def test_the_to_do_list_is_that_of_the_way_that_is_gone_on_with() -> None:
    setting = Setting(
        *(calls("write_todos", items=[{"text": "read"}]), says("1"), says("2")),
        *(calls("write_todos", items=[{"text": "mend"}]), says("3")),
    )
    setting.tools = todos.TOOLS
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)

    async def listed() -> list[str]:
        return [todo.text for todo in (await service.get(ALICE, session_id)).todos]

    await branch(service, ALICE, session_id, 1, "other")
    await over(setting, session_id, 2)
    assert await listed() == [], "nothing was to be done before the first message"
    await go_back(service, ALICE, session_id, 1)
    assert await listed() == ["read"]
    await service.post(ALICE, session_id, "go on")
    await over(setting, session_id, 3)
    assert await listed() == ["mend"]
    await go_back(service, ALICE, session_id, 1)
    for again in (service, await setting.start()):
        assert [todo.text for todo in (await again.get(ALICE, session_id)).todos] == ["read"]


@pytest.mark.requirement("AGENT-LOOP-08")
async def test_a_conversation_with_branches_is_played_again_byte_for_byte() -> None:
    setting = Setting(calls("remove_jobs"), repeats_result, says("2"), says("3"))
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)
    await branch(service, ALICE, session_id, 1, "other")
    await over(setting, session_id, 2)
    await go_back(service, ALICE, session_id, 1)
    await service.post(ALICE, session_id, "go on")
    await over(setting, session_id, 3)
    catalogue = setting.catalogue
    assert catalogue is not None
    events = await setting.ledger.read(f"session:{session_id}")
    played = replay(events, lambda principal: catalogue.allowed(principal.scopes))
    assert (played.problems, played.identical) == ([], 4)


@pytest.mark.requirement("AGENT-LOOP-08")
async def test_a_branch_stops_the_model_that_is_writing() -> None:
    setting = Setting(says("on and on"), says("short"))
    hold = setting.model.hold = asyncio.Event()
    service, session_id = await opened(setting)
    await setting.until(session_id, "model.sent")
    setting.model.hold = None
    await branch(service, ALICE, session_id, 1, "shorter")
    hold.set()
    assert (await over(setting, session_id, 1)).body["detail"] == "alice went another way"
    assert (await over(setting, session_id, 2)).body["reason"] == "answered"
    replies = [event.body["text"] for event in await setting.ledger.read(f"session:{session_id}")
               if event.kind == "model.replied"]  # fmt: skip
    assert replies == ["short"]


@pytest.mark.requirement("AGENT-LOOP-08")
async def test_what_waits_for_approval_on_the_path_that_is_left_never_runs() -> None:
    setting = Setting(OF_BOB, says("fine"))
    service, session_id = await opened(setting)
    asked = await setting.until(session_id, "approval.requested")
    await branch(service, ALICE, session_id, 1, "never mind")
    with pytest.raises(ApprovalClosed):
        await gate_of(setting).desk.decide(str(asked.body["approval_id"]), ADMIN, True, "", str(asked.body["digest"]))
    await over(setting, session_id, 2)
    assert setting.ran == 0


@pytest.mark.requirement("AGENT-LOOP-08")
async def test_a_grant_of_the_path_that_is_left_lets_nothing_through() -> None:
    setting = Setting(OF_BOB, says("done"), OF_BOB, says("asked again"))
    service, session_id = await opened(setting)
    asked = await setting.until(session_id, "approval.requested")
    wide = GrantAsked(minutes=60, uses=10)
    await gate_of(setting).desk.decide(str(asked.body["approval_id"]), ADMIN, True, "", str(asked.body["digest"]), wide)
    await over(setting, session_id, 1)
    await branch(service, ALICE, session_id, 1, "the same for others")
    await setting.until(session_id, "approval.requested", lambda event: event.seq > asked.seq)
    assert (setting.ran, gate_of(setting).grants.live()) == (1, ())


@pytest.mark.requirement("GATE-LABEL-07")
async def test_labels_do_not_fall_by_going_another_way() -> None:
    setting = Setting(calls("remove_jobs"), repeats_result, says("fine"))
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)
    before = await gate_of(setting).provenances.of(f"session:{session_id}")
    seen = (await service.get(ALICE, session_id)).confidentiality
    await branch(service, ALICE, session_id, 1, "hello")
    await over(setting, session_id, 2)
    after = await gate_of(setting).provenances.of(f"session:{session_id}")
    assert (after.seen, after.asked, after.plan) == (before.seen, before.seen, None)
    assert (await service.get(ALICE, session_id)).confidentiality == seen


async def test_nobodys_words_are_asked_again_in_anothers_name() -> None:
    setting = Setting(says("1"), says("2"))
    setting.access = Everybody(Share.STEER)
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)
    with pytest.raises(NotYourWords, match="alice wrote"):
        await branch(service, BOB, session_id, 1, None)
    await branch(service, BOB, session_id, 1, "in my own words")
    await over(setting, session_id, 2)
    view = await service.get(ALICE, session_id)
    assert view.authority is not None and view.authority.username == "bob"


async def test_a_branch_that_is_refused_stops_nothing() -> None:
    setting = Setting(calls("remove_jobs"), repeats_result, OF_BOB)
    setting.access = Everybody(Share.STEER)
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)
    await service.post(ALICE, session_id, "second")
    await setting.until(session_id, "approval.requested")
    before = await setting.kinds(session_id)
    narrow = BOB.model_copy(update={"scopes": frozenset({Scope.AGENT_USE})})
    with pytest.raises(ConversationTooWide):
        await branch(service, narrow, session_id, 2, "in my own words")
    with pytest.raises(NotYourWords):
        await branch(service, BOB, session_id, 2, None)
    assert await setting.kinds(session_id) == before
    assert (await service.get(ALICE, session_id)).running


@pytest.mark.parametrize(
    ("who", "share", "turn", "error"),
    [
        (ALICE, Share.STEER, 2, TurnNotFound),
        (BOB, Share.WATCH, 1, WatchOnly),
        (BOB, None, 1, SessionNotFound),
    ],
)
async def test_who_may_not_steer_and_what_is_not_there_is_said(
    who: Principal, share: Share | None, turn: int, error: type[InkError]
) -> None:
    setting = Setting(says("1"))
    setting.access = Everybody(share)  # type: ignore[arg-type]
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)
    before = await setting.kinds(session_id)
    with pytest.raises(error):
        await branch(service, who, session_id, turn, "text")
    with pytest.raises(error):
        await go_back(service, who, session_id, turn)
    assert await setting.kinds(session_id) == before


@pytest.mark.requirement("AGENT-LOOP-05")
async def test_a_restart_after_a_branch_goes_on_with_the_new_turn() -> None:
    setting = Setting(says("1"), says("never heard"), says("2"))
    service, session_id = await opened(setting)
    await over(setting, session_id, 1)
    setting.model.hold = asyncio.Event()
    await branch(service, ALICE, session_id, 1, "other")
    await setting.until(session_id, "model.sent", lambda event: event.body["turn"] == 2)
    await service.close()
    setting.model.hold = None
    await setting.start()
    await over(setting, session_id, 2)
    assert asked_last(setting) == ["other"]

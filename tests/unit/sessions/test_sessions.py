"""Sessions over an in-memory ledger with a scripted model: turns, stops, streams, and restarts in the middle."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from audit.chains import session_chain
from audit.ledger import Event, LedgerUnavailable, Record, erasure
from audit.memory import MemoryLedger
from audit.personal import ERASED
from ink_core.clock import ManualClock
from ink_core.identity.principal import Scope
from manager.agent.model import ModelReply, ModelRequest, ModelThrottled, ToolTurn
from manager.sessions.live import Delta
from manager.sessions.reading import ConversationTooWide
from manager.sessions.service import SessionNotFound, TurnRunning
from tests.unit.sessions.setting import ADMIN, ALICE, BOB, Setting, calls, repeats_result, says


@pytest.mark.requirement("AGENT-LOOP-02")
async def test_a_question_is_answered_by_way_of_a_tool() -> None:
    setting = Setting(calls("remove_jobs"), repeats_result)
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "remove   my job")
    ended = await setting.until(session.session_id, "turn.ended")
    assert ended.body["reason"] == "answered"
    assert (await service.get(ALICE, session.session_id)).title == "remove my job"
    events = await setting.ledger.read(session_chain(session.session_id))
    replies = [event.body["text"] for event in events if event.kind == "model.replied"]
    assert replies == ["", 'the tool said {"count":1}']


@pytest.mark.requirement("GATE-APPROVAL-02")
async def test_the_agent_reads_why_a_human_said_no() -> None:
    setting = Setting(calls("remove_jobs", owner="bob"), repeats_result)
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "remove bob's job")
    asked = await setting.until(session.session_id, "approval.requested")
    assert setting.gate is not None
    approval_id, digest = str(asked.body["approval_id"]), str(asked.body["digest"])
    await setting.gate.desk.decide(approval_id, ADMIN, False, "bob needs it", digest)
    await setting.until(session.session_id, "turn.ended")
    told = setting.model.requests[-1].turns[-1]
    assert isinstance(told, ToolTurn)
    assert told.is_error
    assert "bob needs it" in told.content
    assert setting.ran == 0


@pytest.mark.requirement("GATE-APPROVAL-12")
async def test_the_kill_switch_ends_the_turn_of_a_model_that_is_writing_and_sends_its_readers_away() -> None:
    setting = Setting(says("on and on"))
    setting.model.hold = asyncio.Event()
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hello")
    pieces = service.stream(ALICE, session.session_id, 0)
    async with aclosing(pieces), asyncio.timeout(100):
        while not isinstance(await anext(pieces), Delta):
            pass
        await service.halt(session.session_id, "session was locked by admin: runs wild")
        while await anext(pieces, None) is not None:
            pass
    ended = await setting.until(session.session_id, "turn.ended")
    assert (ended.body["reason"], ended.body["detail"]) == ("stopped", "session was locked by admin: runs wild")
    async with asyncio.timeout(100):
        while service.at_work:
            await asyncio.sleep(0.01)
    assert "model.replied" not in await setting.kinds(session.session_id)


@pytest.mark.requirement("AGENT-LOOP-05")
async def test_a_restart_while_an_approval_waits_goes_on_after_the_decision() -> None:
    setting = Setting(calls("remove_jobs", owner="bob"), repeats_result)
    first = await setting.start()
    session = await first.open(ALICE, "", None)
    await first.post(ALICE, session.session_id, "remove bob's job")
    asked = await setting.until(session.session_id, "approval.requested")
    await first.close()
    await setting.start()
    assert setting.gate is not None
    await setting.gate.desk.decide(str(asked.body["approval_id"]), ADMIN, True, "", str(asked.body["digest"]))
    ended = await setting.until(session.session_id, "turn.ended")
    assert (ended.body["reason"], setting.ran) == ("answered", 1)


@pytest.mark.requirement("AGENT-LOOP-05")
async def test_a_restart_while_the_model_answers_asks_it_again() -> None:
    setting = Setting(says("first try"), says("second try"))
    setting.model.hold = asyncio.Event()
    first = await setting.start()
    session = await first.open(ALICE, "", None)
    await first.post(ALICE, session.session_id, "hello")
    await setting.until(session.session_id, "model.asked")
    await first.close()
    setting.model.hold = None
    await setting.start()
    replied = await setting.until(session.session_id, "model.replied")
    assert replied.body["text"] == "second try"


@pytest.mark.requirement("AGENT-LOOP-04")
async def test_stop_ends_the_turn_and_withdraws_what_waits() -> None:
    setting = Setting(calls("remove_jobs", owner="bob"))
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "remove bob's job")
    await setting.until(session.session_id, "approval.requested")
    with pytest.raises(TurnRunning):
        await service.post(ALICE, session.session_id, "hurry")
    await service.stop(ALICE, session.session_id)
    refused = await setting.until(session.session_id, "call.refused")
    assert refused.body["code"] == "approval_withdrawn"
    assert (await service.get(ALICE, session.session_id)).running is False


@pytest.mark.requirement("AGENT-LOOP-03")
async def test_a_late_reader_gets_everything_once_and_the_text_so_far() -> None:
    setting = Setting(says("one two three"))
    setting.model.hold = asyncio.Event()
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "count")
    async with aclosing(service.stream(ALICE, session.session_id, 0)) as early:
        pieces = [await anext(early) for _ in range(7)]
    assert sum(isinstance(piece, Delta) for piece in pieces) == 3
    seqs: list[int] = []
    async with asyncio.timeout(100), aclosing(service.stream(ALICE, session.session_id, 2)) as late:
        text = ""
        async for piece in late:
            if isinstance(piece, Delta):
                text = text[: piece.offset] + piece.text
                setting.model.hold.set()
            elif isinstance(piece, Event):
                seqs.append(piece.seq)
                if piece.kind == "turn.ended":
                    break
    assert text == "one two three "
    assert seqs == list(range(3, seqs[-1] + 1))


async def test_a_model_that_fails_ends_the_turn_with_its_reason() -> None:
    def fails(_: ModelRequest) -> ModelReply:
        raise ModelThrottled("the model is overloaded; try again in a minute")

    setting = Setting(fails)
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hello")
    ended = await setting.until(session.session_id, "turn.ended")
    assert ended.body["reason"] == "failed"
    assert "overloaded" in str(ended.body["detail"])


async def test_anothers_session_does_not_exist_for_me() -> None:
    setting = Setting()
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    for attempt in (
        service.get(BOB, session.session_id),
        service.post(BOB, session.session_id, "hi"),
        service.stop(BOB, session.session_id),
        service.change(BOB, session.session_id, {"title": "mine"}),
    ):
        with pytest.raises(SessionNotFound):
            await attempt
    assert await service.list(BOB) == []


async def test_an_agent_may_do_no_more_than_the_token_that_asked() -> None:
    reader = ALICE.model_copy(update={"scopes": frozenset({Scope.AGENT_USE})})
    setting = Setting(calls("remove_jobs"), repeats_result)
    service = await setting.start()
    session = await service.open(reader, "", None)
    await service.post(reader, session.session_id, "remove my job")
    refused = await setting.until(session.session_id, "call.refused")
    assert (refused.body["code"], setting.ran) == ("scope_missing", 0)
    assert setting.model.requests[0].tools == []


class FullForAWhile(MemoryLedger):
    """Refuses records of one kind until there is room again."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.refused: str | None = kind

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        if any(record.kind == self.refused for record in records):
            raise LedgerUnavailable("the disk is full")
        return await super().append(chain, *records)


async def test_a_turn_that_broke_while_its_end_cannot_be_written_is_not_left_running() -> None:
    def breaks(request: ModelRequest) -> ModelReply:
        raise RuntimeError("a defect")

    setting = Setting(breaks, says("hello"))
    setting.ledger = ledger = FullForAWhile("turn.ended")
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hi")
    async with asyncio.timeout(100):
        while service.at_work:
            await asyncio.sleep(0)
    ledger.refused = None
    await service.resume()
    assert (await setting.until(session.session_id, "turn.ended")).body["reason"] == "answered"


@pytest.mark.parametrize("kind", ["model.asked", "turn.ended"])
async def test_a_turn_that_stood_still_for_a_full_disk_goes_on_when_there_is_room(kind: str) -> None:
    setting = Setting(says("hello"), says("hello"))
    setting.ledger = ledger = FullForAWhile(kind)
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "hi")
    async with asyncio.timeout(100):
        while service.at_work:
            await asyncio.sleep(0)
    ledger.refused = None
    await service.resume()
    ended = await setting.until(session.session_id, "turn.ended")
    assert ended.body["reason"] == "answered"


async def test_the_session_used_last_is_listed_first() -> None:
    clock, setting = ManualClock(), Setting(says("Hello."))
    setting.ledger = MemoryLedger(clock)
    service = await setting.start()
    first = (await service.open(ALICE, "", None)).session_id
    clock.advance(1)
    second = (await service.open(ALICE, "", None)).session_id
    clock.advance(1)
    assert [view.session_id for view in await service.list(ALICE)] == [second, first]
    await service.post(ALICE, first, "hello")
    assert [view.session_id for view in await service.list(ALICE)] == [first, second]
    await setting.until(first, "turn.ended")


@pytest.mark.requirement("AUDIT-REDACT-02")
async def test_an_erased_session_is_still_listed_and_takes_another_message() -> None:
    setting = Setting(calls("remove_jobs"), says("It is done."), says("Hello again."))
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "a private matter")
    await setting.until(session.session_id, "turn.ended")
    await service.close()
    chain = session_chain(session.session_id)
    targets = {chain: [event.seq for event in await setting.ledger.read(chain)]}
    await setting.ledger.erase(targets, erasure(targets, by="admin", selection={}, reason=""))
    service = await setting.start()
    (view,) = await service.list(ALICE)
    assert (view.title, view.turn, view.running) == (ERASED, 1, False)
    await service.post(ALICE, session.session_id, "are you there?")
    async with asyncio.timeout(100):
        async for event in setting.ledger.follow(chain, after=view.last_seq):
            if event.kind == "turn.ended":
                break
    assert "private matter" not in repr(setting.model.requests[-1])
    assert ERASED in repr(setting.model.requests[-1])


@pytest.mark.requirement("GATE-APPROVAL-07")
async def test_a_stop_that_a_crash_cut_short_withdraws_what_waits_after_the_restart() -> None:
    setting = Setting(calls("remove_jobs", owner="bob"))
    first = await setting.start()
    session = await first.open(ALICE, "", None)
    await first.post(ALICE, session.session_id, "remove bob's job")
    await setting.until(session.session_id, "approval.requested")
    await first.close()  # the manager died after the next record and before it did anything about it
    await setting.ledger.append(
        session_chain(session.session_id), Record("turn.ended", {"turn": 1, "reason": "stopped", "detail": "by alice"})
    )
    await setting.start()
    refused = await setting.until(session.session_id, "call.refused")
    assert (refused.body["code"], setting.ran) == ("approval_withdrawn", 0)


async def test_a_credential_reads_no_conversation_in_which_tools_were_used_that_it_could_not_use() -> None:
    setting = Setting(says("Hello."), calls("remove_jobs"), repeats_result)
    service = await setting.start()
    session_id = (await service.open(ALICE, "", None)).session_id
    narrow = ALICE.model_copy(update={"scopes": frozenset({Scope.AGENT_USE})})
    await service.post(ALICE, session_id, "hello")
    await setting.until(session_id, "turn.ended")
    seen: list[str] = []
    async with aclosing(service.stream(narrow, session_id, 0)) as pieces, asyncio.timeout(60):
        async for piece in pieces:
            seen.append(piece.kind if isinstance(piece, Event) else "live")
            if seen[-1] == "turn.ended":
                await service.post(ALICE, session_id, "remove my job")
    assert seen.count("turn.ended") == 1
    assert not {"call.proposed", "call.outcome"} & set(seen), "the stream has ended before"
    with pytest.raises(ConversationTooWide, match="jobs:manage"):
        await anext(service.stream(narrow, session_id, 0))
    wide = service.stream(ALICE, session_id, 0)
    async with aclosing(wide), asyncio.timeout(60):
        async for piece in wide:
            if isinstance(piece, Event) and piece.kind == "call.outcome":
                break
    await service.close()

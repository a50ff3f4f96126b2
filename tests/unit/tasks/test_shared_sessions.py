"""Sessions of a task: its members watch and steer them at the same time, and lose them at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest

from audit.ledger import Event, Record
from audit.memory import MemoryLedger
from ink_core.identity.principal import Principal
from manager.sessions.access import Share
from manager.sessions.live import Live
from manager.sessions.service import SessionNotFound, SessionService, WatchOnly
from manager.tasks.access import TaskAccess
from manager.tasks.desk import TaskDesk
from manager.tasks.task import Role
from tests.unit.sessions.setting import ALICE, BOB, Setting, Step, calls, repeats_result, says

CAROL = ALICE.model_copy(update={"username": "carol"})
PATIENCE_S = 100


class Shared:
    """A session of Alice in a task in which Bob steers and Carol watches."""

    def __init__(self, *steps: Step, ledger: MemoryLedger | None = None) -> None:
        self.setting = Setting(*steps)
        self.setting.ledger = ledger or self.setting.ledger
        self.tasks = TaskDesk(self.setting.ledger)
        self.setting.access = TaskAccess(self.tasks)

    async def start(self) -> SessionService:
        self.sessions = await self.setting.start()
        task = await self.tasks.open("alice", "Higgs")
        self.task_id = task.task_id
        await self.tasks.add("alice", self.task_id, "bob", Role.STEER)
        await self.tasks.add("alice", self.task_id, "carol", Role.WATCH)
        session = await self.sessions.open(ALICE, "shared", None, task_id=self.task_id)
        self.session_id = session.session_id
        return self.sessions

    async def leaves(self, member: str) -> None:
        await self.tasks.remove(member, self.task_id, member)
        await self.sessions.check_shares(self.task_id)

    def stream(self, who: Principal) -> AsyncGenerator[Event | Live]:
        return self.sessions.stream(who, self.session_id, 0)

    async def post(self, who: Principal, text: str) -> None:
        """And wait for the answer."""
        seq = await self.sessions.post(who, self.session_id, text)
        chain = f"session:{self.session_id}"
        async with asyncio.timeout(PATIENCE_S):
            async for event in self.setting.ledger.follow(chain, after=seq):
                if event.kind == "turn.ended":
                    return


async def until(stream: AsyncGenerator[Event | Live], kind: str) -> Event:
    async with asyncio.timeout(PATIENCE_S):
        async for piece in stream:
            if isinstance(piece, Event) and piece.kind == kind:
                return piece
    raise AssertionError(f"the stream ended before {kind}")


async def rest(stream: AsyncGenerator[Event | Live]) -> Sequence[Event | Live]:
    async with asyncio.timeout(PATIENCE_S):
        return [piece async for piece in stream]


@pytest.mark.requirement("AGENT-TASK-03")
async def test_two_members_steer_one_session_and_both_see_all_that_happens_in_it() -> None:
    shared = Shared(says("hello alice"), says("hello bob"))
    await shared.start()
    async with aclosing(shared.stream(ALICE)) as of_alice, aclosing(shared.stream(BOB)) as of_bob:
        await shared.post(ALICE, "I am Alice")
        await shared.post(BOB, "I am Bob")
        for stream in (of_alice, of_bob):
            first, second = await until(stream, "user.message"), await until(stream, "user.message")
            assert [(each.body["by"], each.body["text"]) for each in (first, second)] == [
                ("alice", "I am Alice"),
                ("bob", "I am Bob"),
            ]
            assert (await until(stream, "turn.ended")).body["turn"] == 2


async def test_what_the_agent_does_for_a_message_it_does_as_its_author() -> None:
    shared = Shared(calls("remove_jobs", owner="bob"), says("removed"))
    await shared.start()
    await shared.post(BOB, "remove my jobs")
    assert (await shared.setting.until(shared.session_id, "call.intent")).body["acting_as"] == "bob"
    assert shared.setting.ran == 1


async def test_one_who_watches_sees_everything_and_changes_nothing() -> None:
    shared = Shared(says("hello"))
    sessions = await shared.start()
    async with aclosing(shared.stream(CAROL)) as stream:
        await shared.post(ALICE, "hello")
        assert (await until(stream, "model.replied")).body["text"] == "hello"
    for attempt in (
        sessions.post(CAROL, shared.session_id, "hello"),
        sessions.stop(CAROL, shared.session_id),
        sessions.change(CAROL, shared.session_id, {"title": "mine"}),
    ):
        with pytest.raises(WatchOnly):
            await attempt


async def test_a_member_who_leaves_loses_the_stream_at_once_and_finds_no_session() -> None:
    shared = Shared(says("hello"), says("secret"))
    sessions = await shared.start()
    async with aclosing(shared.stream(BOB)) as stream:
        await until(stream, "session.opened")
        await shared.leaves("bob")
        await shared.post(ALICE, "only for Alice and Carol")
        assert not [piece for piece in await rest(stream) if isinstance(piece, Event)]
    with pytest.raises(SessionNotFound):
        await sessions.get(BOB, shared.session_id)
    with pytest.raises(SessionNotFound):
        await sessions.post(BOB, shared.session_id, "hello")


async def test_one_who_reads_what_was_before_while_being_removed_gets_no_more_of_it() -> None:
    shared = Shared(says("hello"))
    await shared.start()
    await shared.post(ALICE, "hello")
    async with aclosing(shared.stream(BOB)) as stream:
        await anext(stream)
        await shared.leaves("bob")
        assert await rest(stream) == []


async def test_the_turn_of_one_who_may_steer_no_more_is_stopped() -> None:
    shared = Shared(calls("remove_jobs", owner="carol"), repeats_result)
    sessions = await shared.start()
    await sessions.post(BOB, shared.session_id, "remove Carol's jobs")
    await shared.setting.until(shared.session_id, "approval.requested")
    await shared.leaves("bob")
    ended = await shared.setting.until(shared.session_id, "turn.ended")
    assert (ended.body["reason"], ended.body["detail"]) == ("stopped", "bob may not steer it any more")
    assert (await shared.setting.until(shared.session_id, "call.refused")).body["code"] == "approval_withdrawn"
    assert shared.setting.ran == 0


class SlowLedger(MemoryLedger):
    """Takes its time with messages: `asked` tells that one came, `write` lets it be written."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.write = asyncio.Event(), asyncio.Event()

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        if any(record.kind == "user.message" for record in records):
            self.asked.set()
            await self.write.wait()
        return await super().append(chain, *records)


async def test_a_message_that_is_on_its_way_when_its_author_is_removed_begins_nothing_that_lasts() -> None:
    ledger = SlowLedger()
    shared = Shared(calls("remove_jobs", owner="carol"), repeats_result, ledger=ledger)
    sessions = await shared.start()
    posting = asyncio.create_task(sessions.post(BOB, shared.session_id, "remove Carol's jobs"))
    await ledger.asked.wait()
    await shared.tasks.remove("alice", shared.task_id, "bob")
    removing = asyncio.create_task(sessions.check_shares(shared.task_id))
    ledger.write.set()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(posting, removing)
    ended = await shared.setting.until(shared.session_id, "turn.ended")
    assert (ended.body["reason"], ended.body["detail"]) == ("stopped", "bob may not steer it any more")


async def test_the_turn_of_the_others_goes_on_when_somebody_leaves() -> None:
    shared = Shared(says("hello"))
    sessions = await shared.start()
    shared.setting.model.hold = asyncio.Event()
    await sessions.post(ALICE, shared.session_id, "hello")
    await shared.setting.until(shared.session_id, "model.sent")
    await shared.leaves("carol")
    shared.setting.model.hold.set()
    assert (await shared.setting.until(shared.session_id, "turn.ended")).body["reason"] == "answered"


async def test_what_somebody_opened_goes_with_them() -> None:
    shared = Shared()
    sessions = await shared.start()
    session = await sessions.open(BOB, "bobs", None, task_id=shared.task_id)
    assert (await sessions.get(ALICE, session.session_id)).owner == "bob"
    await shared.leaves("bob")
    with pytest.raises(SessionNotFound):
        await sessions.get(ALICE, session.session_id)
    assert sessions.access.share(BOB, await sessions.get(BOB, session.session_id)) is Share.STEER


async def test_nothing_is_shared_in_a_task_that_is_closed() -> None:
    shared = Shared()
    sessions = await shared.start()
    await shared.tasks.close("alice", shared.task_id)
    await sessions.check_shares(shared.task_id)
    with pytest.raises(SessionNotFound):
        await sessions.get(BOB, shared.session_id)
    assert sessions.access.readers(await sessions.get(ALICE, shared.session_id)) == {"alice"}


async def test_the_sessions_of_whoever_wrote_last_are_found_for_the_kill_switch() -> None:
    shared = Shared(says("hello"))
    sessions = await shared.start()
    assert sessions.ids(user="bob") == []
    await shared.post(BOB, "hello")
    assert sessions.ids(user="bob") == sessions.ids(user="alice") == [shared.session_id]
    assert sessions.ids(owner="bob") == []

"""A session is played again from its records: identical to the byte, or the difference is named."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from audit.chains import session_chain
from audit.erasing import Selection, erase
from audit.ledger import Event
from manager.replay import Replay, replay
from tests.unit.sessions.setting import ADMIN, ALICE, Setting, calls, repeats_result, says


async def played_session(*steps: object, messages: int = 1) -> tuple[Setting, str]:
    setting = Setting(*steps)  # type: ignore[arg-type]
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    for number in range(messages):
        await service.post(ALICE, session.session_id, f"message {number}: token=ink_abcdefghijklmnop1234")
        async with asyncio.timeout(100):
            after = (await service.get(ALICE, session.session_id)).last_seq
            async for event in setting.ledger.follow(session_chain(session.session_id), after=after - 1):
                if event.kind == "turn.ended" and event.body["turn"] == number + 1:
                    break
        await service.close()
    return setting, session.session_id


async def again(setting: Setting, events: Sequence[Event]) -> Replay:
    assert setting.catalogue is not None
    catalogue = setting.catalogue
    return replay(events, lambda principal: catalogue.allowed(principal.scopes))


@pytest.mark.requirement("AUDIT-REPLAY-01")
async def test_every_request_of_a_session_is_made_again_byte_for_byte() -> None:
    setting, session_id = await played_session(
        calls("remove_jobs"), calls("remove_jobs", owner=7), repeats_result, says("Hello again."), messages=2
    )
    result = await again(setting, await setting.ledger.read(session_chain(session_id)))
    assert result.problems == []
    assert (result.requests, result.identical) == (len(setting.model.requests), len(setting.model.requests)) == (4, 4)
    told = "\n".join(result.steps)
    for word in ("alice: message 0", "remove_jobs", "done {'count': 1}", "Hello again.", "turn 2 ended: answered"):
        assert word in told


@pytest.mark.requirement("AUDIT-REPLAY-01")
async def test_an_approval_that_was_waited_for_and_a_rejection_are_played_again() -> None:
    setting = Setting(calls("remove_jobs", owner="bob"), repeats_result)
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "remove bob's job")
    asked = await setting.until(session.session_id, "approval.requested")
    assert setting.gate is not None
    await setting.gate.desk.decide(str(asked.body["approval_id"]), ADMIN, False, "needed", str(asked.body["digest"]))
    await setting.until(session.session_id, "turn.ended")
    result = await again(setting, await setting.ledger.read(session_chain(session.session_id)))
    assert (result.problems, result.identical) == ([], 2)


@pytest.mark.requirement("AUDIT-REPLAY-01")
async def test_a_session_that_was_interrupted_and_resumed_is_played_again() -> None:
    setting = Setting(says("never heard"), says("second try"))
    setting.model.hold = asyncio.Event()
    first = await setting.start()
    session = await first.open(ALICE, "", None)
    await first.post(ALICE, session.session_id, "hello")
    await setting.until(session.session_id, "model.sent")
    await first.close()
    setting.model.hold = None
    await setting.start()
    await setting.until(session.session_id, "turn.ended")
    result = await again(setting, await setting.ledger.read(session_chain(session.session_id)))
    assert (result.problems, result.identical) == ([], 2)


async def test_a_changed_message_is_another_request_and_a_call_that_nobody_asked_for_is_named() -> None:
    setting, session_id = await played_session(calls("remove_jobs"), repeats_result)
    events = list(await setting.ledger.read(session_chain(session_id)))
    place = next(n for n, event in enumerate(events) if event.kind == "user.message")
    changed = [*events]
    changed[place] = replace(events[place], body={**events[place].body, "text": "something else"})
    result = await again(setting, changed)
    assert (result.identical, len(result.problems)) == (0, 2) and "another request" in result.problems[0]
    place = next(n for n, event in enumerate(events) if event.kind == "call.proposed")
    changed = [*events]
    changed[place] = replace(events[place], body={**events[place].body, "arguments": {"owner": "bob"}})
    result = await again(setting, changed)
    assert "the loop does not ask for this here" in result.problems[0]


async def test_an_erased_session_says_that_it_cannot_be_replayed() -> None:
    setting, session_id = await played_session(says("Hello."))
    await erase(setting.ledger, Selection(session=session_id), by="admin", reason="")
    result = await again(setting, await setting.ledger.read(session_chain(session_id)))
    assert not result.ok and "was erased" in result.problems[0]


async def test_without_any_record_there_is_nothing_to_replay() -> None:
    assert not (await again((await played_session(says("x")))[0], [])).ok

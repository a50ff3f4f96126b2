"""What waits for an approver below a conversation is told in it, where people read."""

from __future__ import annotations

from pathlib import Path

from audit.ledger import Event
from ink_core.identity.principal import ADMIN_SCOPES, Principal
from manager.agent.model import ModelReply
from manager.subagents.waiting import GOES_ON, WAITS
from tests.unit.subagents.conftest import Start
from tests.unit.subagents.family import ALICE, Cast, Family, delegates, profile, reply

ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:2")
LIST = reply(("list_jobs", {}))
"""After it a worker agent is launched with an approval alone: what a queue holds may have asked for it."""


async def _asked(start: Start, folder: Path) -> tuple[Family, str, Event]:
    """A conversation whose sub-agent's sub-agent waits for its worker agent to be approved; its own request."""
    profile(folder, "deep", tools="delegate, list_jobs", scopes="agent:use, jobs:read")
    profile(folder, "worker", worker="own")
    parts = {
        "find": [delegates(("deep", "middle")), ModelReply("found nothing", ())],
        "middle": [LIST, delegates(("worker", "look: figs")), ModelReply("it has no worker", ())],
    }
    family = await start(Cast(parts))
    session = await family.ask("find figs for me")
    told = await family.until(session, WAITS)
    return family, session, await family.until(str(told.body["session_id"]), "approval.requested")


async def _count(family: Family, session: str, kind: str) -> int:
    return sum(event.kind == kind for event in await family.events(session))


async def test_each_conversation_above_tells_who_waits_for_which_approval(start: Start, tmp_path: Path) -> None:
    family, session, request = await _asked(start, tmp_path)
    middle = next(child for child in await family.children() if request.chain != f"session:{child}")
    for above in (session, middle):
        told = (await family.until(above, WAITS)).body
        (delegate,) = [
            str(event.body["call_id"])
            for event in await family.events(above)
            if event.kind == "call.proposed" and event.body["tool"] == "delegate"
        ]
        assert told["delegate"] == delegate
        assert (told["profile"], told["tool"]) == ("worker", "launch_agent")
        assert told["approval_id"] == request.body["approval_id"]
        assert "preview" not in told and "arguments" not in told, "what it is about stays in its own conversation"


async def test_that_it_is_decided_is_told_and_nothing_twice_after_a_restart(start: Start, tmp_path: Path) -> None:
    first, session, request = await _asked(start, tmp_path)
    await first.close()
    family = await first.again()
    approval, digest = str(request.body["approval_id"]), str(request.body["digest"])
    await family.gate.desk.decide(approval, ADMIN, False, "not today", digest)
    assert (await family.until(session, GOES_ON)).body["approval_id"] == approval
    await family.until(session, "turn.ended", 1)
    assert [await _count(family, session, kind) for kind in (WAITS, GOES_ON)] == [1, 1]
    await family.close()


async def test_what_waited_below_a_stopped_agent_waits_no_more(start: Start, tmp_path: Path) -> None:
    family, session, request = await _asked(start, tmp_path)
    middle = next(child for child in await family.children() if request.chain != f"session:{child}")
    await family.sessions.stop(ALICE, middle)
    await family.until(session, GOES_ON)
    await family.until(session, "turn.ended")

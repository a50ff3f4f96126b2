"""What somebody tries with sub-agents: read more than a credential may, grow a tree beyond its caps, lie for one."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from audit.chains import session_chain
from ink_core.errors import Forbidden
from ink_core.identity.principal import Scope
from manager.agent.model import ModelReply
from manager.gate.admission import Proposal
from manager.gate.policy import Origin
from manager.sessions.reading import ConversationTooWide
from manager.subagents.errand import MOST_UNFIT
from manager.subagents.rights import MAX_TREE
from tests.unit.subagents.conftest import Start
from tests.unit.subagents.family import ALICE, WORD, Cast, delegates, hands_in, profile, reply

NARROW = ALICE.model_copy(update={"scopes": frozenset({Scope.AGENT_USE}), "credential": "token:1"})


async def test_a_narrow_credential_reads_nothing_by_way_of_a_sub_agents_result_that_it_could_not_read_itself(
    start: Start,
) -> None:
    parts = {"find": [delegates(("finder", "look: figs"))], "look": [reply(("list_jobs", {})), hands_in()]}
    family = await start(Cast(parts))
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    with pytest.raises(ConversationTooWide, match="jobs:read"):
        await anext(family.sessions.stream(NARROW, session, 0))
    (call_id,) = [each.body["call_id"] for each in await family.events(session) if each.kind == "call.intent"]
    with pytest.raises(Forbidden, match="jobs:read"):
        family.gate.results.visible(NARROW, str(call_id))
    async with aclosing(family.sessions.stream(ALICE, session, 0)) as whole:
        assert await anext(whole)


async def test_a_narrow_credential_reads_no_goal_that_was_written_of_what_it_could_not_read(start: Start) -> None:
    parts = {"find": [reply(("list_jobs", {})), delegates(("finder", "look: at 1.0"))], "look": [hands_in()]}
    family = await start(Cast(parts))
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (child,) = await family.children()
    with pytest.raises(ConversationTooWide, match="jobs:read"):
        await anext(family.sessions.stream(NARROW, child, 0))


async def test_what_a_narrow_credential_delegated_itself_it_reads(start: Start) -> None:
    family = await start(Cast({"find": [delegates(("finder", "look: figs"))], "look": [hands_in()]}))
    session = (await family.sessions.open(NARROW, "", None)).session_id
    await family.sessions.post(NARROW, session, "find figs for me")
    await family.until(session, "turn.ended")
    (call_id,) = [each.body["call_id"] for each in await family.events(session) if each.kind == "call.intent"]
    assert family.gate.results.visible(NARROW, str(call_id)).result
    async with aclosing(family.sessions.stream(NARROW, session, 0)) as whole:
        assert await anext(whole)


async def test_a_tree_that_grows_on_all_its_branches_at_once_keeps_to_its_size(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "lead", tools="delegate", scopes="agent:use")
    leads, finders = [("lead", f"lead {n}") for n in range(8)], [("finder", f"look {n}") for n in range(8)]
    parts = {"go": [delegates(*leads)], "lead": [delegates(*finders), hands_in()], "look": [hands_in()]}
    family = await start(Cast({**parts, "go": [delegates(*leads), ModelReply("done", ())]}))
    session = await family.ask("go")
    await family.until(session, "turn.ended")
    assert len(family.sessions.below(session)) <= MAX_TREE


@pytest.mark.parametrize("origin", [Origin.USER, Origin.REST])
async def test_nobody_but_the_sub_agent_itself_hands_in_its_result(start: Start, origin: Origin) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [hands_in()]})
    model.hold = {"look": asyncio.Event()}
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "call.intent")
    async with asyncio.timeout(100):
        while not (children := await family.children()):
            await asyncio.sleep(0)
    mallory = ALICE.model_copy(update={"username": "mallory"})
    for n in range(MOST_UNFIT):
        forged = Proposal(
            f"c-{n}", "hand_in", {"result": {"word": "lies"}}, mallory, origin, session_chain(children[0])
        )
        await family.gate.propose(forged)
        ended = await family.gate.wait(f"c-{n}", 100)
        assert ended.error is not None and ended.error.code == "no_sub_agent"
    model.hold["look"].set()
    await family.until(session, "turn.ended")
    (outcome,) = await family.outcomes(session)
    assert outcome["result"]["result"] == {"word": WORD}

"""What somebody tries by way of sub-agents: to read more than a credential may, and to grow a tree beyond its caps."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest

from ink_core.errors import Forbidden
from ink_core.identity.principal import Scope
from manager.agent.model import ModelReply
from manager.sessions.reading import ConversationTooWide
from manager.subagents.rights import MAX_TREE
from tests.unit.subagents.conftest import Start
from tests.unit.subagents.family import ALICE, Cast, delegates, hands_in, profile, reply

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

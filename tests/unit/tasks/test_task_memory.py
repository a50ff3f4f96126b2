"""What one member's sub-agent found out reaches the agents of all members, by the real assembler, and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from audit.chains import session_chain
from audit.ledger import Event
from ink_core.identity.principal import USER_SCOPES, Principal
from ink_core.labels import Confidentiality, Integrity
from ink_core.settings import load_settings
from knowledge_graph.contributions.shelf import Viewer
from manager.agent.choice import ModelChoice
from manager.agent.model import ModelReply
from manager.agent.offline_guide import OfflineGuide
from manager.api.platform import Platform
from manager.composition import build
from manager.tasks.task import Role
from tests.unit.subagents.family import WORD, Cast, delegates, hands_in, profile, reply

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
BOB = ALICE.model_copy(update={"username": "bob"})
CAROL = ALICE.model_copy(update={"username": "carol"})
PATIENCE_S = 120
GOAL = "look for the word"


class Group:
    """A platform with a task of Alice's in which Bob steers; Carol has nothing to do with it."""

    def __init__(self, platform: Platform, model: Cast) -> None:
        self.platform = platform
        self.model = model

    async def open(self) -> None:
        for username in ("alice", "bob", "carol"):
            await self.platform.core.identity.create_user(username)
        task = await self.platform.tasks.desk.open("alice", "Higgs")
        await self.platform.tasks.desk.add("alice", task.task_id, "bob", Role.STEER)
        self.task_id = task.task_id

    async def says(self, who: Principal, text: str, task_id: str | None = None) -> str:
        """In a session of its own; the session, once the turn has ended."""
        sessions = self.platform.sessions
        session_id = (await sessions.open(who, "", None, task_id=task_id)).session_id
        await self.goes_on(who, session_id, text)
        return session_id

    async def goes_on(self, who: Principal, session_id: str, text: str) -> None:
        seq = await self.platform.sessions.post(who, session_id, text)
        async with asyncio.timeout(PATIENCE_S):
            async for event in self.platform.ledger.follow(session_chain(session_id), after=seq):
                if event.kind == "turn.ended":
                    break
        await self.platform.knowledge.settled()

    async def contexts(self, session_id: str) -> str:
        """What this session's model was told of the site and of the task."""
        events = await self.platform.ledger.read(session_chain(session_id))
        return "\n".join(str(event.body.get("text", "")) for event in events if event.kind == "model.sent")

    async def sent(self, session_id: str) -> Event:
        events = await self.platform.ledger.read(session_chain(session_id))
        return next(event for event in events if event.kind == "model.sent")


@asynccontextmanager
async def group(tmp_path: Path, **parts: Sequence[ModelReply]) -> AsyncGenerator[Group]:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    profile(profiles, "seeker")
    model = Cast(parts)
    environment = {
        "INK_DATA_DIR": str(tmp_path / "data"),
        "INK_SUBAGENTS__FOLDERS": f'["{profiles}"]',
        "INK_MODELS": '[{"name": "cast", "base_url": "http://127.0.0.1:9/v1", "model": "cast", "trust": "site"}]',
    }
    running = await build(
        load_settings(environment=environment), choose_models=lambda _: ModelChoice([model, OfflineGuide()])
    )
    try:
        for recover in running.recoveries:
            await recover()
        made = Group(running.platform, model)
        await made.open()
        yield made
    finally:
        await running.stop()


@pytest.mark.requirement("AGENT-TASK-02")
async def test_what_the_sub_agent_of_one_member_found_reaches_the_agents_of_the_others(tmp_path: Path) -> None:
    parts = {"alice": [delegates(("seeker", GOAL)), reply(text="found")], "look": [hands_in()]}
    async with group(tmp_path, **parts, bob=[reply(text="I know")], carol=[reply(text="no")]) as made:
        await made.says(ALICE, "alice asks for a word", made.task_id)
        told = await made.contexts(await made.says(BOB, "bob asks for the word", made.task_id))
        assert WORD in told and "alice" in told
        assert WORD not in await made.contexts(await made.says(BOB, "bob asks for the word outside"))
        assert WORD not in await made.contexts(await made.says(CAROL, "carol asks for the word"))


@pytest.mark.requirement("AGENT-TASK-02")
async def test_what_is_known_of_a_task_is_untrusted_to_its_members_until_somebody_reviews_it(tmp_path: Path) -> None:
    parts = {"alice": [delegates(("seeker", GOAL)), reply(text="found")], "look": [hands_in()]}
    async with group(tmp_path, **parts, bob=[]) as made:
        await made.says(ALICE, "alice asks for a word", made.task_id)
        context = (await made.sent(await made.says(BOB, "bob asks", made.task_id))).body["context"]
        assert isinstance(context, dict) and context["integrity"] == Integrity.UNTRUSTED.value
        (finding,) = made.platform.tasks.memory.of(made.task_id)
        assert (finding.latest.by_hand, finding.latest.author) == (False, "alice")


async def test_a_finding_of_a_conversation_is_the_tasks_where_its_writer_may_steer_it(tmp_path: Path) -> None:
    remember = reply(("remember", {"kind": "finding", "title": "Disk", "text": "wn7 has a slow disk"}))
    async with group(tmp_path, alice=[remember, reply(text="kept")], bob=[]) as made:
        await made.says(ALICE, "alice keeps it", made.task_id)
        told = await made.contexts(await made.says(BOB, "bob asks about something else", made.task_id))
        assert "wn7 has a slow disk" in told


async def test_who_leaves_the_task_is_told_nothing_more_of_what_it_knows(tmp_path: Path) -> None:
    parts = {"alice": [delegates(("seeker", GOAL)), reply(text="found")], "look": [hands_in()]}
    async with group(tmp_path, **parts, bob=[]) as made:
        await made.says(ALICE, "alice asks for a word", made.task_id)
        await made.platform.tasks.sharing.remove("bob", made.task_id, "bob")
        assert WORD not in await made.contexts(await made.says(BOB, "bob asks for the word", made.task_id))


@pytest.mark.parametrize("role", [None, Role.WATCH, Role.STEER])
async def test_a_session_of_who_left_adds_nothing_by_way_of_a_sub_agent_and_shows_none_even_when_they_are_back(
    tmp_path: Path, role: Role | None
) -> None:
    parts = {"bob": [reply(text="hello"), delegates(("seeker", GOAL)), reply(text="found")], "look": [hands_in()]}
    async with group(tmp_path, **parts) as made:
        tasks, sessions = made.platform.tasks, made.platform.sessions
        session_id = await made.says(BOB, "bob says hello", made.task_id)
        await tasks.sharing.remove("alice", made.task_id, "bob")
        if role is not None:
            await tasks.sharing.add("alice", made.task_id, "bob", role, None)
        await made.goes_on(BOB, session_id, "and now look for a word")
        (child,) = sessions.below(session_id)
        assert sessions.access.readers(await sessions.view(child)) == {"bob"}
        assert not tasks.memory.of(made.task_id)


async def test_a_sub_agent_that_is_asked_again_after_a_restart_is_remembered_once(tmp_path: Path) -> None:
    parts = {"alice": [delegates(("seeker", GOAL)), reply(text="found")], "look": [hands_in()]}
    async with group(tmp_path, **parts) as made:
        await made.says(ALICE, "alice asks for a word", made.task_id)
        memory = made.platform.tasks.memory
        (finding,) = memory.of(made.task_id)
        assert finding.step is not None and finding.confidentiality is not Confidentiality.PUBLIC
        await memory.remember(await made.platform.sessions.view(finding.step.session_id), {"word": "another"})
        assert memory.of(made.task_id) == [finding]


async def test_what_was_withdrawn_is_no_part_of_the_memory(tmp_path: Path) -> None:
    remember = reply(("remember", {"kind": "finding", "title": "Disk", "text": "wn7 has a slow disk"}))
    async with group(tmp_path, alice=[remember, reply(text="kept")], bob=[]) as made:
        await made.says(ALICE, "alice keeps it", made.task_id)
        (finding,) = made.platform.tasks.memory.of(made.task_id)
        viewer = Viewer("alice")
        await made.platform.learning.contributions.withdraw(finding.id, viewer, "it was wn8")
        await made.platform.knowledge.settled()
        assert not made.platform.tasks.memory.of(made.task_id)
        assert "slow disk" not in await made.contexts(await made.says(BOB, "bob asks about a disk", made.task_id))


@pytest.mark.requirement("AGENT-TASK-01")
async def test_agents_in_a_task_are_told_its_workspace_until_it_is_closed(tmp_path: Path) -> None:
    async with group(tmp_path, bob=[]) as made:
        desk = made.platform.tasks.desk
        await desk.change("alice", made.task_id, None, "/data/higgs")
        await made.platform.knowledge.settled()
        assert "/data/higgs" in await made.contexts(await made.says(BOB, "bob asks where to put it", made.task_id))
        assert "/data/higgs" not in await made.contexts(await made.says(BOB, "bob asks where to put it"))
        await desk.close("alice", made.task_id)
        node = f"task:{made.task_id}"
        await made.platform.knowledge.settled()
        assert not await made.platform.knowledge.ask(lambda model: node in model)

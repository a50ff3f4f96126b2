"""What the wired platform tells the model at its start: the library, accounts, and its cluster."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ink_core.settings import Settings, load_settings
from knowledge_graph.facts import Fact, NodeId, NodeKind, Relation
from manager.api.platform import Platform
from manager.composition import build
from manager.documents import SiteDocuments, open_documents
from manager.knowledge.feeding.opening import open_feeding
from manager.skills.library import open_library
from tests.security.application import application
from tests.told import links, values

POLICY = """version: 1
extends: default
rules:
  - id: nobody-holds-at-night
    when: {tools: [hold_*], users: [mallory], hours: "22:00-06:00"}
    effect: deny
    reason: At night jobs are left alone.
"""


class Fed:
    """A platform whose model has been told once by everybody who feeds it."""

    def __init__(self, settings: Settings, platform: Platform) -> None:
        self.platform = platform
        feeding = open_feeding(settings, platform, open_library(settings), open_documents(settings))
        self.works = [look for _, look in feeding]

    async def look(self) -> None:
        for look in self.works:
            await look()
        await self.platform.knowledge.settled()

    async def facts(self, of: NodeId) -> Sequence[Fact]:
        now = self.platform.core.clock.now()
        return await self.platform.knowledge.ask(lambda model: model.facts(of, now))


@asynccontextmanager
async def fed(folder: Path) -> AsyncGenerator[Fed]:
    environment = {"INK_POLICY__FILE": str(folder / "policy.yaml"), "INK_KNOWLEDGE__DOCUMENTS": f'["{folder}/site"]'}
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "site").mkdir()
    (folder / "site" / "queues.md").write_text("# Queues\n\nJUNO sends its jobs with `submit_job` only.\n")
    async with application(folder / "data", environment) as app:
        platform: Platform = app.state.platform
        await platform.knowledge.recover()
        await platform.core.queues.refresh("local")
        settings = load_settings(environment={"INK_DATA_DIR": str(folder / "data"), **environment})
        yield Fed(settings, platform)


@pytest.mark.requirement("MODEL-INGEST-04")
async def test_documents_skills_tools_policies_and_errors_are_in_the_model(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.look()
        skill = await site.facts("skill:hepjob")
        assert "batch jobs" in str(values(skill, "skill:hepjob")["text"])
        assert ("skill:hepjob", Relation.USES, "tool:submit_job") in links(skill)
        assert values(await site.facts("tool:remove_jobs"), "tool:remove_jobs")["risk"] == "write"
        assert values(await site.facts("error:scheduler_down"), "error:scheduler_down")["retryable"] is True
        assert values(await site.facts("error:htcondor/34"), "error:htcondor/34")["proposal"]
        passages = await site.platform.knowledge.ask(lambda model: [*model.neighbours("tool:submit_job")])
        assert "passage:site/queues.md#1" in passages
        assert any(passage.startswith("passage:docs/") for passage in passages)
        assert not site.platform.knowledge.status().refused


@pytest.mark.requirement("MODEL-INGEST-04")
async def test_a_rule_of_the_site_is_in_the_model_and_its_condition_is_for_administrators(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.look()
        rule = await site.facts("rule:nobody-holds-at-night")
        told = values([fact for fact in rule if not fact.origin.readers], "rule:nobody-holds-at-night")
        assert told == {"effect": "deny", "text": "At night jobs are left alone."}
        kept = [fact for fact in rule if fact.origin.readers == {"admins"}]
        assert "mallory" in str(values(kept, "rule:nobody-holds-at-night")["condition"])
        assert ("rule:nobody-holds-at-night", Relation.APPLIES_TO, "tool:hold_jobs") in links(kept)


async def test_a_new_policy_takes_the_place_of_the_old_in_the_model(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.look()
        (tmp_path / "policy.yaml").write_text(POLICY.replace("nobody-holds-at-night", "nobody-holds"))
        await site.platform.policy.refresh()
        await site.platform.policy.refresh()
        await site.look()
        assert await site.facts("rule:nobody-holds")
        assert not await site.facts("rule:nobody-holds-at-night")


async def test_a_running_platform_tells_its_model_by_itself(tmp_path: Path) -> None:
    running = await build(load_settings(environment={"INK_DATA_DIR": str(tmp_path)}))
    knowledge = running.platform.knowledge
    try:
        await running.start()
        async with asyncio.timeout(120):
            while not await knowledge.ask(lambda model: "skill:hepjob" in model and "cluster:local" in model):
                await asyncio.sleep(0.05)
    finally:
        await running.stop()


async def test_accounts_and_the_cluster_are_in_the_model(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.platform.core.identity.create_user("alice")
        await site.look()
        alice = await site.facts("user:alice")
        assert {fact.origin.readers for fact in alice} == {frozenset({"user:alice", "admins"})}
        assert values(await site.facts("cluster:local"), "cluster:local")["health"] == "up"
        assert len(await site.platform.knowledge.ask(lambda model: [*model.nodes(NodeKind.NODE)])) == 1


async def test_a_document_that_the_site_adds_changes_or_removes_is_followed_without_a_restart(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.look()
        added, passage = tmp_path / "site" / "night.md", "passage:site/night.md#1"
        assert not await site.facts(passage)
        for text in ("The licence server sleeps at night.", "The licence server sleeps at weekends, too."):
            added.write_text(f"# Night\n\n{text}\n")
            await site.look()
            assert values(await site.facts(passage), passage)["text"] == text
        added.unlink()
        await site.look()
        assert not await site.facts(passage)


async def test_the_search_in_documents_follows_the_sites_own_folders(tmp_path: Path) -> None:
    own = tmp_path / "site"
    own.mkdir()
    documents = SiteDocuments([own], [own])
    assert documents.search("licence", 5) == ()
    (own / "night.md").write_text("# Night\n\nThe licence server sleeps.\n")
    assert documents.search("licence", 5) == ()
    await documents.look()
    assert [found.path for found in documents.search("licence", 5)] == ["site/night.md"]
    (own / "nowhere.md").symlink_to(own / "gone.md")
    await documents.look()
    assert len(documents.search("licence", 5)) == 1


async def test_who_searches_before_the_first_look_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "night.md").write_text("# Night\n\nThe licence server sleeps.\n")
    documents = SiteDocuments([tmp_path], [tmp_path])
    assert len(documents.search("licence", 5)) == 1

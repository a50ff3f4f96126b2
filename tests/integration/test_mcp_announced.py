"""What clients of MCP were shown has changed: it is recorded, and those that are connected are told, of both kinds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from fastapi import FastAPI
from mcp import Client, types
from mcp.client.subscriptions import PromptsListChanged, ResourcesListChanged, ResourceUpdated, ToolsListChanged

from audit.ledger import Event, LedgerUnavailable, Record
from audit.memory import MemoryLedger
from ink_core.identity.principal import USER_SCOPES
from manager.definitions import CHAIN, Definitions
from mcp_tools.catalogue import Catalogue
from mcp_tools.server.pins import META
from mcp_tools.spec import ToolSpec
from tests.integration.test_mcp import connected, served
from tests.security.application import application

HEARD_S = 60
SKILL = """---
name: site-skill
description: What people of this site do with their own jobs, in a few words.
---
{text}
"""


@dataclass
class Site:
    """An installation with a folder of skills of its own, one user's token, and the watch over its definitions."""

    app: FastAPI
    url: str
    token: str
    folder: Path
    definitions: Definitions
    streams: asyncio.Semaphore

    @property
    def catalogue(self) -> Catalogue:
        catalogue: Catalogue = self.app.state.platform.catalogue
        return catalogue

    def write_skill(self, text: str) -> None:
        place = self.folder / "site-skill"
        place.mkdir(exist_ok=True)
        (place / "SKILL.md").write_text(SKILL.format(text=text))


@asynccontextmanager
async def opened(tmp_path: Path) -> AsyncGenerator[Site]:
    folder = tmp_path / "skills"
    folder.mkdir()
    async with application(tmp_path / "data", {"INK_SKILLS__FOLDERS": json.dumps([str(folder)])}) as app:
        platform, mcp = app.state.platform, app.state.mcp
        identity = platform.core.identity
        await identity.create_user("alice", is_admin=False)
        token = (await identity.create_token_of("alice", "laptop", USER_SCOPES, timedelta(hours=1))).secret
        definitions = Definitions(platform.ledger, platform.catalogue, platform.skills, mcp.watchers)
        await definitions.look()
        streams = asyncio.Semaphore(0)
        async with served(mcp, streams) as url:
            yield Site(app, url, token, folder, definitions, streams)


def another(spec: ToolSpec, description: str) -> ToolSpec:
    return replace(spec, name="mounted_tool", description=description)


Heard = Callable[[set[type]], Awaitable[None]]


@asynccontextmanager
async def listening(site: Site, mode: str) -> AsyncGenerator[tuple[Client, Heard]]:
    """A client of either kind; `heard` is back once events of all these kinds have come."""
    kinds: set[type] = set()
    news = asyncio.Condition()

    async def note(kind: type) -> None:
        async with news:
            kinds.add(kind)
            news.notify_all()

    async def hear(message: object) -> None:
        if type(message) in OLD:
            await note(OLD[type(message)])

    async def heard(wanted: set[type]) -> None:
        async with asyncio.timeout(HEARD_S), news:
            await news.wait_for(lambda: kinds >= wanted)
            kinds.clear()

    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(connected(site.url, site.token, mode, hear))
        if mode == "auto":
            await stack.enter_async_context(events(client, note))
        else:
            await asyncio.wait_for(site.streams.acquire(), HEARD_S)
        yield client, heard


OLD: dict[type, type] = {
    types.ToolListChangedNotification: ToolsListChanged,
    types.PromptListChangedNotification: PromptsListChanged,
    types.ResourceListChangedNotification: ResourcesListChanged,
    types.ResourceUpdatedNotification: ResourceUpdated,
}


@asynccontextmanager
async def events(client: Client, note: Callable[[type], Awaitable[None]]) -> AsyncGenerator[None]:
    """Those of revision 2026-07-28, on a stream of their own."""
    uris = ["skill://site-skill/SKILL.md"]
    async with (
        client.listen(
            tools_list_changed=True,
            prompts_list_changed=True,
            resources_list_changed=True,
            resource_subscriptions=uris,
        ) as stream,
        anyio.create_task_group() as tasks,
    ):

        async def hear() -> None:
            async for event in stream:
                await note(type(event))

        tasks.start_soon(hear)
        yield
        tasks.cancel_scope.cancel()


@pytest.mark.requirement("MCP-SERVER-09")
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_connected_clients_are_told_of_tools_that_come_change_and_go(tmp_path: Path, mode: str) -> None:
    async with opened(tmp_path) as site, listening(site, mode) as (client, heard):
        shown = site.catalogue.get("list_jobs")
        pins: list[str | None] = []
        for specs in ([another(shown, "Lists.")], [another(shown, "Lists otherwise.")], []):
            site.catalogue.mount(specs)
            await site.definitions.look()
            await heard({ToolsListChanged})
            listed = {tool.name: tool for tool in (await client.list_tools(cache_mode="refresh")).tools}
            pins.append((listed["mounted_tool"].meta or {})[META] if specs else None)
            assert ("mounted_tool" in listed) == bool(specs)
    assert len(set(pins)) == 3


@pytest.mark.requirement("MCP-SERVER-09")
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_connected_clients_are_told_of_new_skills_and_of_changed_texts(tmp_path: Path, mode: str) -> None:
    async with opened(tmp_path) as site, listening(site, mode) as (client, heard):
        site.write_skill("Look first.")
        await site.definitions.look()
        await heard({PromptsListChanged, ResourcesListChanged})
        assert "site-skill" in {prompt.name for prompt in (await client.list_prompts(cache_mode="refresh")).prompts}
        if mode == "legacy":
            asked = types.SubscribeRequest(params=types.SubscribeRequestParams(uri="skill://site-skill/SKILL.md"))
            await client.session.send_request(asked, types.EmptyResult)
        site.write_skill("Look first, then ask.")
        await site.definitions.look()
        await heard({ResourceUpdated})


@pytest.mark.requirement("MCP-SERVER-09")
async def test_a_change_is_recorded_once_and_found_again_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as site:
        platform = site.app.state.platform
        await site.definitions.look()
        site.catalogue.mount([another(site.catalogue.get("list_jobs"), "Lists.")])
        again = Definitions(platform.ledger, platform.catalogue, platform.skills, site.app.state.mcp.watchers)
        await again.look()
        await again.look()
        first, second = await platform.ledger.read(CHAIN)
        assert "list_jobs" in first.body["added"]
        assert (second.body["added"], second.body["changed"]) == (["mounted_tool"], [])


class FullLedger(MemoryLedger):
    """Takes nothing while its disk is full."""

    full = False

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        if self.full:
            raise LedgerUnavailable("the disk is full")
        return await super().append(chain, *records)


@pytest.mark.requirement("MCP-SERVER-09")
async def test_a_change_that_cannot_be_recorded_is_told_once_it_is(tmp_path: Path) -> None:
    ledger = FullLedger()
    async with opened(tmp_path) as site, listening(site, "auto") as (_, heard):
        platform = site.app.state.platform
        definitions = Definitions(ledger, site.catalogue, platform.skills, site.app.state.mcp.watchers)
        await definitions.look()
        site.catalogue.mount([another(site.catalogue.get("list_jobs"), "Lists.")])
        ledger.full = True
        await definitions.look()
        ledger.full = False
        assert len(await ledger.read(CHAIN)) == 1
        await definitions.look()
        await heard({ToolsListChanged})
    assert [event.body["added"] for event in await ledger.read(CHAIN)][1:] == [["mounted_tool"]]

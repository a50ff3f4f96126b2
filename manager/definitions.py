"""What clients of MCP are shown, watched for changes: definitions of tools by hash, and the texts of skills.

A change is recorded (tools only: a skill tells its own hash) and told to the clients that are connected. Those that
were before a restart have lost their streams, and ask again for what they are shown when they open new ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

import structlog

from audit.ledger import Ledger, LedgerUnavailable, Record, Where
from mcp_tools.catalogue import Catalogue
from mcp_tools.server.pins import DefinitionChanges, changes, pins_of
from mcp_tools.server.skills_offered import uri_of
from mcp_tools.server.watching import Watchers
from skills.library import SkillLibrary

CHAIN = "tools"
"""The chain that has the definitions of tools, by hash."""
LOOK_S = 2.0
log = structlog.get_logger()


class Definitions:
    """Each `look` compares with the look before; the first one, before anybody is connected, with the last record."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue, skills: SkillLibrary, watchers: Watchers) -> None:
        self._ledger = ledger
        self._catalogue = catalogue
        self._skills = skills
        self._watchers = watchers
        self._tools: Mapping[str, str] | None = None
        self._texts: Mapping[str, str] | None = None

    async def look(self) -> None:
        await self._look_at_tools()
        await self._look_at_skills()

    async def _look_at_tools(self) -> None:
        now, before = pins_of(self._catalogue), self._tools
        found = changes(await self._recorded() if before is None else before, now)
        if found and not await self._record(found, now):
            return  # the next look finds the same
        self._tools = now
        if found and before is not None:
            await self._watchers.tools_changed()

    async def _look_at_skills(self) -> None:
        shelf = await asyncio.to_thread(self._skills.shelf)
        now, before = {skill.name: skill.sha256 for skill in shelf.skills}, self._texts
        self._texts = now
        if before is None or not (found := changes(before, now)):
            return
        log.info("skills_changed", **found.to_json())
        await self._watchers.library_changed()
        for name in found.changed:
            await self._watchers.resource_changed(uri_of(name))

    async def _recorded(self) -> Mapping[str, str]:
        last = await self._ledger.newest(Where(chain=CHAIN), limit=1)
        return cast("Mapping[str, str]", last[0].event.body["pins"]) if last else {}

    async def _record(self, found: DefinitionChanges, now: Mapping[str, str]) -> bool:
        try:
            await self._ledger.append(CHAIN, Record("tools.changed", {**found.to_json(), "pins": {**now}}))
        except LedgerUnavailable:
            log.exception("tools_changed_not_recorded")
            return False
        log.info("tools_changed", added=len(found.added), removed=len(found.removed), changed=len(found.changed))
        return True

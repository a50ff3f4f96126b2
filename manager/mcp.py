"""The MCP endpoint of the running manager: its tools and gate, tokens, addresses, and what changed of its tools."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

import structlog
from pydantic import JsonValue

from audit.ledger import LedgerUnavailable, Record, Where
from ink_core.errors import Unauthenticated
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Principal
from manager.api.platform import Platform
from mcp_tools.server import McpEndpoint, Parts
from mcp_tools.server.endpoint import of_request
from mcp_tools.server.pins import changes, pins_of
from mcp_tools.server.skills_offered import SkillsOffered

DEFINITIONS = "tools"
"""The chain that has the definitions of tools, by hash."""
log = structlog.get_logger()


def mcp_endpoint(platform: Platform, version: str, public_url: str) -> McpEndpoint:
    async def verify(token: str) -> Principal | None:
        return await bearer_of(platform, token)

    parts = Parts(
        platform.catalogue,
        platform.door,
        of_request,
        version,
        library=SkillsOffered(platform.door),
        approval_address=lambda approval_id: f"{public_url}/#/approvals?{urlencode({'approval': approval_id})}",
    )
    return McpEndpoint(parts, verify, public_url=public_url)


async def record_definitions(platform: Platform) -> None:
    """Write down which definitions of tools are other ones than those of the last start, if any are."""
    now = pins_of(platform.catalogue)
    last = await platform.ledger.newest(Where(chain=DEFINITIONS), limit=1)
    before = cast("dict[str, str]", last[0].event.body["pins"]) if last else {}
    if found := changes(before, now):
        body: dict[str, JsonValue] = {**found.to_json(), "pins": {**now}}
        try:
            await platform.ledger.append(DEFINITIONS, Record("tools.changed", body))
        except LedgerUnavailable:
            log.exception("tools_changed_not_recorded")  # the next start finds the same
        log.info("tools_changed", added=len(found.added), removed=len(found.removed), changed=len(found.changed))


async def bearer_of(platform: Platform, token: str) -> Principal | None:
    """Whose API token this is, for the MCP endpoint, which guards itself."""
    try:
        return await platform.core.identity.authenticate(token, CredentialKind.TOKEN)
    except Unauthenticated:
        return None

"""The MCP endpoint of the running manager: its tools and gate, tokens and addresses."""

from __future__ import annotations

from urllib.parse import urlencode

from ink_core.errors import Unauthenticated
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Principal
from manager.api.platform import Platform
from mcp_tools.server import McpEndpoint, Parts
from mcp_tools.server.endpoint import of_request
from mcp_tools.server.skills_offered import SkillsOffered


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


async def bearer_of(platform: Platform, token: str) -> Principal | None:
    """Whose API token this is, for the MCP endpoint, which guards itself."""
    try:
        return await platform.core.identity.authenticating.authenticate(token, CredentialKind.TOKEN)
    except Unauthenticated:
        return None

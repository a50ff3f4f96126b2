"""Where relative paths of a submission begin."""

from __future__ import annotations

from mcp_tools.context import ToolContext


def base_directory(context: ToolContext) -> str:
    """The worker's workspace, which the session shows, else the home on the access point."""
    services = context.services
    own = services.launcher.workspace(context.principal.username, context.worker_id) if context.worker_id else None
    return own or services.homes.home(context.acting_as)

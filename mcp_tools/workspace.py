"""Where relative paths of a submission begin."""

from __future__ import annotations

from mcp_tools.context import ToolContext


def base_directory(context: ToolContext) -> str:
    """The worker's workspace, which the session shows, else the home on the access point."""
    for agent in context.services.launcher.list(context.principal.username) if context.worker_id else ():
        if agent.worker_id == context.worker_id:
            return agent.workspace
    return context.services.homes.home(context.acting_as)

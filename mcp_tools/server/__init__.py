"""The MCP server: the catalogue's tools through the gate, as tasks where they take long, and prompts and resources."""

from mcp_tools.server.assembly import Parts, build_server
from mcp_tools.server.endpoint import McpEndpoint

__all__ = ["McpEndpoint", "Parts", "build_server"]

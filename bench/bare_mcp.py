"""The peer of `bench.roundtrip`: the MCP SDK's own server with one tool, over streamable HTTP, and nothing else."""

from __future__ import annotations

import sys

from mcp.server import MCPServer

server = MCPServer("bare")


@server.tool()
async def list_entries(path: str) -> list[str]:
    """A fixed answer of the size of a small directory."""
    return [f"{path}/entry-{number}" for number in range(10)]


if __name__ == "__main__":
    server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]), json_response=True)

"""The peer of `bench.roundtrip`: the MCP SDK's own server over streamable HTTP, with one tool, and nothing else.

The tool is ours without what stands around it: it looks into the same directory by the same code, in this process, and
answers the same value. So the two differ in what is between a client and the tool alone. Its transport has the options
that the SDK starts it with, which ours has as well: it can tell a client something before the answer. With `json` it
answers by one document and cannot, which is the least that the SDK can do.
"""

from __future__ import annotations

import sys

from mcp.server import MCPServer

from mcp_tools.files import FileList
from worker_agent.files import list_directory
from worker_agent.protocol import FilesList
from worker_agent.sandbox import Sandbox


def bare_server(root: str) -> MCPServer:
    server, sandbox = MCPServer("bare"), Sandbox(root)

    @server.tool()
    async def list_files(path: str) -> FileList:  # pyright: ignore[reportUnusedFunction]
        """What is in a directory."""
        listed = list_directory(sandbox, FilesList(path=path))
        return FileList(path=listed.path, entries=listed.entries, total=listed.total)

    return server


if __name__ == "__main__":
    bare_server(sys.argv[1]).run(
        "streamable-http", host="127.0.0.1", port=int(sys.argv[2]), json_response=sys.argv[3:] == ["json"]
    )

"""The contract server's foreign MCP servers, and the tools by which an administrator accepts what they offer."""

from __future__ import annotations

from tests.web.contract_world import Json, Problem, World


def foreign_tool(server: str, name: str, state: str, sha256: str | None, **changes: object) -> Json:
    known: Json = {"name": name, "tool": f"mcp__{server}__{name}", "state": state, "risk": "write"}
    rest = {"scopes": ["agent:use"], "sha256": sha256, "accepted_sha256": None, "definition": None, "problem": None}
    return {**known, **rest, **changes}


def wiki() -> Json:
    """One tool is accepted, one changed since, one is new, one cannot be used."""
    told = {"name": "edit", "description": "Writes a page. Now also deletes it.", "inputSchema": {"type": "object"}}
    new = {"name": "search", "description": "Finds pages.", "inputSchema": {"type": "object"}}
    tools = [
        foreign_tool("wiki", "read", "accepted", "a" * 64, accepted_sha256="a" * 64, risk="read"),
        foreign_tool("wiki", "edit", "changed", "c" * 64, accepted_sha256="b" * 64, definition=told),
        foreign_tool("wiki", "search", "new", "d" * 64, definition=new, risk="read"),
        foreign_tool("wiki", "all", "unfit", "e" * 64, problem="its schema contains itself"),
    ]
    place = {"kind": "http", "at": "https://wiki.example.org/mcp", "trust": "external"}
    return {"name": "wiki", **place, "connected": True, "problem": None, "tools": tools}


def list_foreign_servers(world: World, user: str, arguments: Json) -> Json:
    return {"servers": world.foreign}


def accept_foreign_tools(world: World, user: str, arguments: Json) -> Json:
    (server,) = (one for one in world.foreign if one["name"] == arguments["server"])
    for tool in server["tools"]:
        pin = arguments["tools"].get(tool["name"])
        if pin not in (None, tool["sha256"]):
            raise Problem(409, "definition_changed", f"wiki tells no {tool['name']} with this definition any more")
        if tool["state"] != "unfit":
            state = "new" if pin is None else "accepted"
            tool |= {"state": state, "accepted_sha256": pin, "definition": None if pin else tool["definition"]}
    return server

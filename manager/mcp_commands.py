"""`ink mcp`: for MCP clients that start a program and talk to it over pipes; and the foreign servers of the site."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from ink_core.errors import BadInput, InkError, NotFound
from manager.command_line import Config, Profile, fail, out, settings_of
from manager.data_directory import address_of
from manager.remote import ANYBODY, TOKEN, get, post_json
from manager.saved_token import saved_token, token_file

SERVERS = "/api/v1/mcp/servers"
app = typer.Typer(help="Speak MCP over pipes; look after the foreign MCP servers of the site.")
Server = Annotated[str, typer.Argument(help="Its name in the settings.")]


@app.callback(invoke_without_command=True)
def mcp(context: typer.Context, profile: Profile = "embedded", config: Config = None) -> None:
    """Speak MCP on stdin and stdout, as the user of the token (INK_TOKEN, or that of `ink login`)."""
    if context.invoked_subcommand is not None:
        return
    import anyio

    from mcp_tools.relay import relay

    address = address_of(settings_of(profile, config))
    try:
        token = os.environ.get(TOKEN) or saved_token(address, token_file())
        if not token:
            raise BadInput(ANYBODY)
    except InkError as error:
        fail(error)
    else:
        anyio.run(relay, f"{address}/mcp", token)


@app.command("servers")
def servers(
    name: Annotated[str, typer.Argument(help="Show what waits for a review of this one, in full.")] = "",
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """The foreign MCP servers, how they are, and which definitions of tools wait for a review (administrators)."""
    try:
        found = get(settings_of(profile, config), SERVERS, {})["servers"]
        if name:
            server = _one(found, name)
            _print_definitions(server, [tool["name"] for tool in server["tools"]])
        else:
            out.print(_table(found))
    except InkError as error:
        fail(error)


@app.command("accept")
def accept(
    name: Server,
    tools: Annotated[list[str] | None, typer.Argument(help="Its tools that are used; default: all it lists.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Use these tools of a foreign server, in the definitions that it tells now, and no others of it."""
    settings = settings_of(profile, config)
    try:
        server = _one(get(settings, SERVERS, {})["servers"], name)
        pins = _pins(server, tools)
        _print_definitions(server, pins)
        if not yes:
            typer.confirm(f"Use {', '.join(pins) or 'no tool'} of {name}?", abort=True)
        post_json(settings, f"{SERVERS}/{name}/accept", {"tools": pins})
    except InkError as error:
        fail(error)
    out.print(f"accepted {len(pins)} tools of {name}", markup=False)


def _one(servers: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    for server in servers:
        if server["name"] == name:
            return server
    known = ", ".join(one["name"] for one in servers) or "none"
    raise NotFound(f"there is no foreign MCP server called {name}; there are {known}")


def _pins(server: Mapping[str, Any], wanted: Sequence[str] | None) -> dict[str, str]:
    listed = {tool["name"]: tool["sha256"] for tool in server["tools"] if tool["sha256"]}
    if unknown := sorted(set(wanted or ()) - set(listed)):
        raise NotFound(f"{server['name']} lists no {unknown[0]} that could be used")
    return {tool: listed[tool] for tool in wanted or listed}


def _table(servers: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("SERVER", "AT", "STATE", "TOOLS", "TO REVIEW"):
        table.add_column(title, overflow="fold")
    for server in servers:
        states = [tool["state"] for tool in server["tools"]]
        waiting = [tool["name"] for tool in server["tools"] if tool["state"] in ("new", "changed")]
        state = "connected" if server["connected"] else f"down: {server['problem']}"
        table.add_row(server["name"], server["at"], state, str(states.count("accepted")), ", ".join(waiting))
    return table


def _print_definitions(server: Mapping[str, Any], names: Collection[str]) -> None:
    for tool in (one for one in server["tools"] if one["name"] in names):
        said = tool["problem"] or ""
        out.print(f"{tool['name']}: {tool['state']} {said}".rstrip(), markup=False, highlight=False)
        if tool["definition"]:
            out.print(json.dumps(tool["definition"], indent=2), markup=False, highlight=False)

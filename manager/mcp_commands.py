"""`ink mcp`: for MCP clients that start a program and talk to it over pipes."""

from __future__ import annotations

import os

from ink_core.errors import BadInput, InkError
from manager.command_line import Config, Profile, fail, settings_of
from manager.data_directory import address_of
from manager.remote import ANYBODY, TOKEN
from manager.saved_token import saved_token, token_file


def mcp(profile: Profile = "embedded", config: Config = None) -> None:
    """Speak MCP on stdin and stdout, as the user of the token (INK_TOKEN, or that of `ink login`)."""
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

"""Approvals for people at an MCP client: the address of the page, where they decide signed in.

A token confirms nothing, since an agent may hold it. So a form that the client fills in is never taken for an approval:
the client is asked to open the page, and what counts is what was decided there.
"""

from __future__ import annotations

from collections.abc import Callable

from mcp import types

from mcp_tools.conversation import Context
from mcp_tools.gate_port import CallView

Address = Callable[[str], str]
"""Of the page that shows an approval, by its id."""


def shows_addresses(context: Context) -> bool:
    client = context.session.client_capabilities
    return bool(client and client.elicitation and client.elicitation.url is not None)


def approval_question(view: CallView, address: Address) -> types.ElicitRequest:
    assert view.approval_id is not None, "a call that waits has an approval"
    preview = view.preview or {}
    said = f"{view.tool} needs approval: {preview.get('summary', view.tool)}. Decide it on the page, signed in."
    where = address(view.approval_id)
    return types.ElicitRequest(
        params=types.ElicitRequestURLParams(message=said, url=where, elicitation_id=view.approval_id)
    )

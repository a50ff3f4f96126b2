"""The headers that messages from a pipe are sent with over HTTP."""

from __future__ import annotations

from typing import Any

from mcp import types

from mcp_tools.relay import Headers

META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}


def request(method: str, **params: Any) -> types.JSONRPCRequest:
    return types.JSONRPCRequest(jsonrpc="2.0", id=1, method=method, params=params)


def test_a_request_of_the_stateless_revision_says_its_version_method_and_name() -> None:
    headers = Headers()
    assert headers.of(request("tools/call", name="list_jobs", _meta=META)) == {
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "list_jobs",
    }
    assert headers.of(request("tasks/get", taskId="c-1", _meta=META))["mcp-name"] == "c-1"
    assert "mcp-name" not in headers.of(request("tools/list", _meta=META))


def test_older_revisions_say_the_version_that_was_agreed_on() -> None:
    headers = Headers()
    assert headers.of(request("initialize", protocolVersion="2099-01-01")) == {}
    agreed = {"protocolVersion": "2025-11-25", "capabilities": {}}
    headers.note(types.JSONRPCResponse(jsonrpc="2.0", id=1, result=agreed))
    assert headers.of(request("tools/list")) == {"mcp-protocol-version": "2025-11-25"}
    note = types.JSONRPCNotification(jsonrpc="2.0", method="notifications/initialized")
    assert headers.of(note) == {"mcp-protocol-version": "2025-11-25"}

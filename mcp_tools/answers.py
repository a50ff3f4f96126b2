"""Between the tools' own shapes and MCP's: definitions of tools, and answers from the state of a call.

A call that is done answers with the tool's output. One that waits for approval, or still runs, answers with its state
and `call_id`, so that `get_call` can ask again; the output schema of every tool allows for that. Anything else is an
error result that the model can read.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from mcp import types
from pydantic import Field, JsonValue

from mcp_tools.gate_port import CallView
from mcp_tools.schemas import input_schema, output_schema
from mcp_tools.spec import Risk, ToolSpec, ToolValue
from mcp_tools.truncate import fit

GET_CALL = "get_call"
MAX_WAIT_S = 50.0


class AskForCall(ToolValue):
    call_id: str = Field(min_length=1, max_length=100)
    wait_s: float = Field(default=0, ge=0, le=MAX_WAIT_S, description="How long to wait for the call to go on.")


_PENDING_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "The call goes on: ask get_call with this call_id.",
    "properties": {
        "call_id": {"type": "string"},
        "status": {"enum": ["running", "waiting_approval"]},
        "preview": {"type": ["object", "null"]},
        "next": {"type": "string"},
    },
    "required": ["call_id", "status", "next"],
    "additionalProperties": False,
}

GET_CALL_TOOL = types.Tool(
    name=GET_CALL,
    title="Get a call",
    description="State and result of an earlier tool call, by its call_id: while a call runs or waits for approval.",
    input_schema=AskForCall.model_json_schema(),
    output_schema=CallView.model_json_schema(mode="serialization"),
    annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
)


@cache
def tool_definition(spec: ToolSpec) -> types.Tool:
    return types.Tool(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        input_schema=input_schema(spec),
        output_schema={"type": "object", "anyOf": [output_schema(spec), _PENDING_SCHEMA]},
        annotations=_annotations(spec),
    )


def _annotations(spec: ToolSpec) -> types.ToolAnnotations:
    """Whatever writes may destroy, as far as the specification tells."""
    reads = spec.risk is Risk.READ
    return types.ToolAnnotations(
        read_only_hint=reads, destructive_hint=not reads, idempotent_hint=spec.idempotent, open_world_hint=False
    )


def answer(view: CallView) -> types.CallToolResult:
    if view.status == "done":
        return _structured(view.result)
    if view.status in ("running", "waiting_approval"):
        return _structured(_pending(view))
    problem = view.error
    said = f"{problem.code}: {problem.message}" if problem else view.status
    return error(f"{said} (call {view.call_id} {view.status}{_hint(view)})")


def whole_call(view: CallView) -> types.CallToolResult:
    return _structured(view.model_dump(mode="json"))


def error(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)


def _hint(view: CallView) -> str:
    return "; the same call may work later" if view.error and view.error.retryable else ""


def _pending(view: CallView) -> JsonValue:
    waits = "An administrator must approve this." if view.status == "waiting_approval" else "It still runs."
    pending: dict[str, JsonValue] = {
        "call_id": view.call_id,
        "status": view.status,
        "preview": cast("JsonValue", view.preview),
        "next": f"{waits} Ask {GET_CALL} with call_id {view.call_id}; do not call {view.tool} again for this.",
    }
    return pending


def _structured(content: JsonValue) -> types.CallToolResult:
    """The whole result as structured content, and what a model should read of it as text."""
    return types.CallToolResult(content=[types.TextContent(text=fit(content).text)], structured_content=content)

"""Between the tools' own shapes and MCP's: definitions of tools, and answers from the state of a call.

A call that is done answers with the tool's output; where that is too large, with what fits of it and the `call_id` by
which `read_result` gives the rest. One that waits for approval, or still runs, answers with its state and `call_id`, so
that `get_call` can ask again. The output schema of every tool allows for both. Anything else is an error result that
the model can read.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from mcp import types
from pydantic import Field, JsonValue

from mcp_tools.content import Content
from mcp_tools.gate_port import CallView
from mcp_tools.schemas import input_schema, output_schema
from mcp_tools.spec import Risk, ToolSpec, ToolValue
from mcp_tools.truncate import MODEL_BYTES, as_json, fit

GET_CALL = "get_call"
SHOWN_BYTES = MODEL_BYTES - 200
"""Of a cut result, so that with its notes it stays within `MODEL_BYTES`."""
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

_CUT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "The result is too large to be shown at once: read_result gives the rest.",
    "properties": {
        "call_id": {"type": "string"},
        "status": {"const": "done"},
        "shown": {"type": "object", "description": "What fits; _cut names what is missing."},
    },
    "required": ["call_id", "status", "shown"],
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
        output_schema=_answers(spec),
        annotations=_annotations(spec),
    )


def _answers(spec: ToolSpec) -> dict[str, Any] | None:
    """None for a tool that answers with content: that has no shape of its own."""
    if spec.output is Content:
        return None
    return {"type": "object", "anyOf": [output_schema(spec), _PENDING_SCHEMA, _CUT_SCHEMA]}


def _annotations(spec: ToolSpec) -> types.ToolAnnotations:
    """Whatever writes may destroy, as far as the specification tells."""
    reads = spec.risk is Risk.READ
    return types.ToolAnnotations(
        read_only_hint=reads,
        destructive_hint=not reads,
        idempotent_hint=spec.idempotent,
        open_world_hint=spec.clearance is not None,
    )


def answer(view: CallView) -> types.CallToolResult:
    if view.status == "done":
        return _shown(_readable(view))
    if view.status in ("running", "waiting_approval"):
        return _structured(_pending(view))
    problem = view.error
    said = f"{problem.code}: {problem.message}" if problem else view.status
    return error(f"{said} (call {view.call_id} {view.status}{_hint(view)})")


def state_of_call(view: CallView) -> types.CallToolResult:
    """The call itself; a result that is too large is shown as far as it fits, with a note of what is missing."""
    shown = fit(view.result, handle=view.call_id).value
    return _structured(view.model_copy(update={"result": shown}).model_dump(mode="json"))


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


def _readable(view: CallView) -> tuple[JsonValue, str]:
    """The result, or what fits of it, also as text: many clients put the structured content before their model, too."""
    fitted = fit(view.result)
    if not fitted.cut:
        return fitted.value, fitted.text
    shown = fit(view.result, SHOWN_BYTES, handle=view.call_id).value
    cut: JsonValue = {"call_id": view.call_id, "status": "done", "shown": shown}
    return cut, as_json(cut)


def _structured(content: JsonValue) -> types.CallToolResult:
    return _shown((content, as_json(content)))


def _shown(content: tuple[JsonValue, str]) -> types.CallToolResult:
    value, text = content
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=value)

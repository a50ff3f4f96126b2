"""Wire types of the extension `io.modelcontextprotocol/tasks` (SEP-2663), which the SDK does not know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from mcp import MCPError, types
from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from mcp_tools.gate_port import CallTimes, CallView

EXTENSION = "io.modelcontextprotocol/tasks"
NEEDED = types.ClientCapabilities(extensions={EXTENSION: {}})
KEPT = timedelta(days=1)
"""How long after its call a task can be asked for; the call itself stays in the ledger."""
POLL_MS = 1_000
CANCELLED_CODES = frozenset({"approval_withdrawn", "cancelled"})
BROKEN_CODES = frozenset({"internal_error", "indeterminate"})

TaskStatus = Literal["working", "input_required", "completed", "cancelled", "failed"]


class TaskParams(types.RequestParams):
    task_id: str = Field(min_length=1, max_length=100)


class UpdateTaskParams(TaskParams):
    """What is answered under a key that nobody asked for is not even looked at."""

    input_responses: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue], max_length=100)


_RESPONSE: TypeAdapter[types.InputResponse] = TypeAdapter(types.InputResponse)


def responses(asked: Collection[str], given: Mapping[str, JsonValue]) -> types.InputResponses:
    """The answers to what is asked. Raises `MCPError` for one that is none."""
    try:
        return {key: _RESPONSE.validate_python(given[key], by_alias=True) for key in asked if key in given}
    except ValidationError as mistakes:
        raise MCPError(types.INVALID_PARAMS, "an answer is of no known form") from mistakes


def status_of(view: CallView, *, asks: bool) -> TaskStatus:
    """A tool that ran into an error has completed; failed is what broke, or what nobody can tell the outcome of."""
    code = view.error.code if view.error else None
    match view.status:
        case "running" | "waiting_approval":
            return "input_required" if asks else "working"
        case "indeterminate":
            return "failed"
        case "done":
            return "completed"
        case _ if code in CANCELLED_CODES:
            return "cancelled"
        case _ if code in BROKEN_CODES:
            return "failed"
        case _:
            return "completed"


def task_fields(view: CallView, times: CallTimes, status: TaskStatus) -> dict[str, Any]:
    fields = {
        "taskId": view.call_id,
        "status": status,
        "createdAt": _written(times.created_at),
        "lastUpdatedAt": _written(times.changed_at),
        "ttlMs": int(KEPT.total_seconds() * 1000),
        "pollIntervalMs": POLL_MS,
    }
    return fields if (message := _message(view)) is None else {**fields, "statusMessage": message}


def failure_of(view: CallView) -> dict[str, Any]:
    message = view.error.message if view.error else "nobody can tell what became of the call"
    return {"code": types.INTERNAL_ERROR, "message": message, "data": {"call_id": view.call_id}}


def wire(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(by_alias=True, mode="json", exclude_none=True)


def _message(view: CallView) -> str | None:
    if view.status == "waiting_approval":
        summary = (view.preview or {}).get("summary", view.tool)
        return f"waits for approval: {summary}"
    return view.error.message if view.error else None


def _written(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")

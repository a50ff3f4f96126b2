"""The single place that runs a tool. Everybody else can look at a specification, but not run it without leave."""

from __future__ import annotations

from ink_core.errors import Forbidden
from mcp_tools.context import ToolContext
from mcp_tools.spec import ToolSpec, ToolValue


class NoLeave(Forbidden):
    """Somebody tried to run a tool past the gate."""

    code = "no_leave"


async def invoke(spec: ToolSpec, context: ToolContext, arguments: ToolValue) -> ToolValue:
    """Run one permitted call. Raises `NoLeave`, or what the tool raises."""
    leave = context.leave
    if leave is None or leave.tool != spec.name or not leave.call_id:
        raise NoLeave(f"{spec.name} can only be run by the gate, which gives leave for one call")
    if type(arguments) is not spec.input:
        raise TypeError(f"{spec.name} takes {spec.input.__name__}, not {type(arguments).__name__}")
    result = await spec.run(context, arguments)
    if not isinstance(result, spec.output):
        raise TypeError(f"{spec.name} answered {type(result).__name__} instead of {spec.output.__name__}")
    return result

"""The single place that runs a tool. Everybody else can look at a specification, but not get past the permit."""

from __future__ import annotations

from ink_core.errors import Forbidden
from mcp_tools.context import ToolContext
from mcp_tools.spec import ToolSpec, ToolValue


class NoPermit(Forbidden):
    """Somebody tried to run a tool past the gate."""

    code = "no_permit"


async def invoke(spec: ToolSpec, context: ToolContext, arguments: ToolValue) -> ToolValue:
    """Run one permitted call. Raises `NoPermit`, or what the tool raises."""
    permit = context.permit
    if permit is None or permit.tool != spec.name or not permit.call_id:
        raise NoPermit(f"{spec.name} can only be run by the gate, with a permit for this call")
    if type(arguments) is not spec.input:
        raise TypeError(f"{spec.name} takes {spec.input.__name__}, not {type(arguments).__name__}")
    result = await spec.run(context, arguments)
    if not isinstance(result, spec.output):
        raise TypeError(f"{spec.name} answered {type(result).__name__} instead of {spec.output.__name__}")
    return result

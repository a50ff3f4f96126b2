"""What an operation has made, as its agent noted it: the answer to what became of a call that was cut off."""

from __future__ import annotations

from ink_core.errors import AgentFault
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import Entry
from mcp_tools.operation_ids import id_of
from mcp_tools.targets import look_at_agent


async def made_by(context: ToolContext) -> Entry | None:
    """None where it has made nothing. Raises `AgentFault` where what it made is not where it was put."""
    try:
        return Entry.model_validate(
            await look_at_agent(context, "files.made", {"made_id": id_of(context.operation_id)})
        )
    except AgentFault as fault:
        if fault.code == "not_found":
            return None
        raise

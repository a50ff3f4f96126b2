"""The list of what is still to be done in a conversation, as its agent keeps it and its people see it.

The list is the arguments of the latest call that ended well; the ledger has it with the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue, ValidationError

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, RunsOn, ToolSpec, ToolValue

WRITES = "write_todos"
MAX_ITEMS = 50


class Todo(ToolValue):
    text: str = Field(min_length=1, max_length=200)
    state: Literal["open", "doing", "done"] = "open"


class WriteTodos(ToolValue):
    items: tuple[Todo, ...] = Field(max_length=MAX_ITEMS)


class TodosWritten(ToolValue):
    open: int
    doing: int
    done: int


def todos_of(arguments: Mapping[str, JsonValue]) -> tuple[Todo, ...]:
    """The list of a call that ended well; empty where what it was has been erased."""
    try:
        return WriteTodos.model_validate(dict(arguments)).items
    except ValidationError:
        return ()


async def _write(context: ToolContext, asked: WriteTodos) -> TodosWritten:
    states = [item.state for item in asked.items]
    return TodosWritten(open=states.count("open"), doing=states.count("doing"), done=states.count("done"))


TOOLS = (
    ToolSpec(
        name=WRITES,
        title="Write the to-do list",
        description="Replace the to-do list of this conversation, for work of several steps. The user sees it.",
        input=WriteTodos,
        output=TodosWritten,
        risk=Risk.READ,  # it changes nothing but what is shown of the conversation itself
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=15,
        label=Label(Confidentiality.SCRATCH, Integrity.TRUSTED),
        content=frozenset({"items"}),
        for_clients=False,  # they have no conversation here that it could be the list of
        run=_write,
    ),
)

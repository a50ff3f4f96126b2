"""Sub-agents: give a goal to one, and how it hands in what it found.

`delegate` changes nothing itself, so it counts as reading: whatever the sub-agent wants done is a call of its own.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.subagents_port import Goal, NotASubAgent
from mcp_tools.truncate import as_json

LONGEST_S = 4 * 3600
"""How long a sub-agent may work at most; its profile allows less."""
MOST_RESULT_BYTES = 32 * 1024
GOAL_CHARACTERS = 8_000


def _not_too_large(result: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if (size := len(as_json(result).encode())) > MOST_RESULT_BYTES:
        raise ValueError(
            f"it has {size} bytes, at most {MOST_RESULT_BYTES} are taken; write what is large to a file and name it"
        )
    return result


class Delegate(ToolValue):
    profile: str = Field(min_length=1, max_length=64)
    goal: str = Field(
        min_length=1, max_length=GOAL_CHARACTERS, description="All it needs to know: it sees nothing of this talk."
    )


class Delegated(ToolValue):
    """`session_id` is that of the sub-agent; `result` keeps to the schema of its profile."""

    session_id: str
    profile: str
    result: dict[str, JsonValue]


class HandIn(ToolValue):
    result: Annotated[dict[str, JsonValue], AfterValidator(_not_too_large)]


class HandedIn(ToolValue):
    accepted: bool = True


def _goal(context: ToolContext, asked: Delegate) -> Goal:
    if context.session_id is None or context.by_hand:
        raise NotASubAgent("only the agent of a session delegates; write to a session of yours instead")
    return Goal(context.session_id, context.principal, asked.profile, asked.goal)


async def _preview(context: ToolContext, asked: Delegate) -> Preview:
    outlook = await context.services.subagents.look(_goal(context, asked))
    where = "in a worker agent of its own, a job of the user" if outlook.own_worker else "where this session works"
    return Preview(
        summary=f"Let a sub-agent {outlook.profile} work on a goal, {where}",
        details=(
            f"goal: {asked.goal}",
            f"tools: {', '.join(outlook.tools)}",
            f"scopes: {', '.join(outlook.scopes)}",
            f"at most {outlook.minutes} minutes and {outlook.tokens if outlook.tokens is not None else 'any'} tokens",
        ),
    )


async def _delegate(context: ToolContext, asked: Delegate) -> Delegated:
    assert context.leave is not None, "only the gate runs tools"
    goal, subagents = _goal(context, asked), context.services.subagents
    done = await subagents.work(goal, context.leave.call_id, context.operation_id)
    return Delegated(session_id=done.session_id, profile=done.profile, result=dict(done.result))


async def _label(context: ToolContext, asked: Delegate) -> Label:
    assert context.session_id is not None, "a call of a session has ended"
    return await context.services.subagents.label(context.session_id, context.operation_id)


async def _hand_in(context: ToolContext, asked: HandIn) -> HandedIn:
    if context.session_id is None or context.by_hand:
        raise NotASubAgent("only a sub-agent hands in a result, and nobody does it in its name")
    await context.services.subagents.hand_in(context.session_id, asked.result)
    return HandedIn()


_LABEL = Label(Confidentiality.PUBLIC, Integrity.TRUSTED)

TOOLS = (
    ToolSpec(
        name="delegate",
        title="Give a goal to a sub-agent",
        description="A sub-agent with a profile (mc-simulation, code-debug, systematics-validation, data-analysis, "
        "operations) works on a goal by itself and hands back a typed result. Several at once work side by side.",
        input=Delegate,
        output=Delegated,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=LONGEST_S + 600,
        label=_LABEL,
        label_of=_label,
        run=_delegate,
        preview=_preview,
        for_clients=False,
        waits=True,
        relays=True,
    ),
    ToolSpec(
        name="hand_in",
        title="Hand in a result",
        description="Of a sub-agent: hand in the result of its work, in the form of its profile.",
        input=HandIn,
        output=HandedIn,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=15,
        label=_LABEL,
        run=_hand_in,
        for_models=False,
        for_clients=False,
    ),
)

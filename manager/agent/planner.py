"""Asks the model which calls the user's words ask for, with these words alone before it.

The plan is made in a request of its own that holds no result of any tool and no reply of the model, so nothing that
others wrote can have moved it, whenever it is made. What does not fit the form is left out: a missing step only means
that a human is asked.
"""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import replace

from pydantic import JsonValue

from ink_core.labels import Confidentiality
from knowledge_graph.context.token_estimate import tokens
from manager.agent.context_budget import fit
from manager.agent.model import ChatModel, ModelReply, ModelRequest, UserTurn
from manager.agent.state import LoopState, Message
from manager.agent.tolerant import json_object

MAX_STEPS = 20
_PROMPT = """\
You plan for the agent of the user {user} at a computing centre. Below are the tools, and then what the user said.
Say which calls of these tools the last message asks for. You see no data: of the arguments give only values that the
user's words give, and leave out every other one; it will be filled from data later.

Tools:
{tools}

Reply with one JSON object and nothing else:
{{"steps": [{{"tool": NAME, "arguments": {{NAME: [VALUE]}}, "repeated": false}}]}}
A list of several values means that any one of them will do. "repeated" is true only for a call that the user wants made
for each of several things. Without such a call: {{"steps": []}}"""


def planning_request(state: LoopState, user: str, assembled: ModelRequest) -> ModelRequest:
    """Holds the user's own words and the tools of the request that would be sent now, nothing else of it.

    What others wrote to the conversation is not among them. What a user types counts as scratch.
    """
    listed = "\n".join(
        f"- {tool.name}: {tool.description} {json.dumps(dict(tool.parameters))}" for tool in assembled.tools
    )
    messages = [entry for entry in state.entries if isinstance(entry, Message)]
    said = [UserTurn(entry.text) for entry in messages if entry.by == messages[-1].by]
    system = _PROMPT.format(user=user, tools=listed)
    said = fit(said, max(assembled.budget[0] - tokens(system), 0))
    bare = replace(assembled, system=system, turns=said, tools=(), context="", now="")
    return replace(bare, user=user, confidentiality=Confidentiality.SCRATCH)


async def plan(model: ChatModel, request: ModelRequest) -> tuple[list[JsonValue], ModelReply | None]:
    """Steps as `manager.gate.provenance` reads them, and the reply that they are from. Raises a `ModelError`."""
    async with aclosing(model.stream(request)) as pieces:
        async for piece in pieces:
            if isinstance(piece, ModelReply):
                return read_plan(piece.text), piece
    return [], None


def read_plan(text: str) -> list[JsonValue]:
    fields = json_object(text) or {}
    steps = fields.get("steps")
    return [step for step in steps if _is_step(step)][:MAX_STEPS] if isinstance(steps, list) else []


def _is_step(step: JsonValue) -> bool:
    if not isinstance(step, dict) or not isinstance(step.get("tool"), str):
        return False
    arguments = step.get("arguments", {})
    listed = isinstance(arguments, dict) and all(isinstance(values, list) for values in arguments.values())
    return listed and isinstance(step.get("repeated", False), bool)

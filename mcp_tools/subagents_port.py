"""What the tools of sub-agents ask of the manager: whether a goal can be given away, its result, and its label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from ink_core.errors import Conflict
from ink_core.identity.principal import Principal
from ink_core.labels import LOWEST, Label


class NotASubAgent(Conflict):
    code = "no_sub_agent"


@dataclass(frozen=True)
class Goal:
    """What the agent of the session `parent` gives away: `principal` is whose rights that agent has."""

    parent: str
    principal: Principal
    profile: str
    text: str


@dataclass(frozen=True)
class Outlook:
    """What a sub-agent would have: its tools, its scopes, its tokens, its minutes; and whether it gets its own job."""

    profile: str
    tools: tuple[str, ...]
    scopes: tuple[str, ...]
    tokens: int | None
    minutes: int
    own_worker: bool


@dataclass(frozen=True)
class Finished:
    """`result` keeps to the schema of the profile."""

    session_id: str
    profile: str
    result: Mapping[str, JsonValue]


class SubAgents(Protocol):
    async def look(self, goal: Goal) -> Outlook:
        """Raises `NotFound` for the profile, `TooManySubAgents` beyond the caps, `NoModelForSubAgents`."""
        ...

    async def work(self, goal: Goal, call_id: str, operation_id: str) -> Finished:
        """Back when the sub-agent is done. Under the same operation id it is the same sub-agent, after a crash too.

        Raises as `look` does, and an `InkError` that says how it ended otherwise.
        """
        ...

    async def label(self, parent: str, operation_id: str) -> Label:
        """Of what comes back to `parent` from the sub-agent of this operation."""
        ...

    async def hand_in(self, session_id: str, result: Mapping[str, JsonValue]) -> None:
        """Raises `UnfitResult` where it does not keep to the schema, `NotASubAgent` elsewhere."""
        ...


class NoSubAgents:
    """Where there are none."""

    async def look(self, goal: Goal) -> Outlook:
        raise NotASubAgent("there are no sub-agents here")

    async def work(self, goal: Goal, call_id: str, operation_id: str) -> Finished:
        raise NotASubAgent("there are no sub-agents here")

    async def label(self, parent: str, operation_id: str) -> Label:
        return LOWEST

    async def hand_in(self, session_id: str, result: Mapping[str, JsonValue]) -> None:
        raise NotASubAgent("there are no sub-agents here")

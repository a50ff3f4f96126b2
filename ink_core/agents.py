"""The seam to processes that *are* the user: calls go to an access-point agent or to one worker agent.

The manager implements it over its worker connections; tests and single-process use have `InProcessAgents`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from ink_core.errors import AgentNotConnected

AGENT_JOB_NAME = "ink-agent"
"""Name of the jobs that worker agents run as: what acts on all jobs of a user leaves these alone."""


@dataclass(frozen=True)
class AccessPoint:
    """The access-point agent of one user; it is started when it is not there."""

    user: str


@dataclass(frozen=True)
class Worker:
    """One worker agent by id."""

    worker_id: str


AgentTarget = AccessPoint | Worker


@dataclass(frozen=True)
class Answer:
    """The result of a call, and the raw bytes that came with it."""

    result: JsonValue
    payload: bytes = b""


class UserAgents(Protocol):
    async def call(
        self,
        target: AgentTarget,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        operation_id: str,
        deadline_s: float,
    ) -> JsonValue:
        """One JSON-RPC call. Raises `AgentNotConnected`, `AgentLost`, `DeadlineExceeded` or `AgentFault`."""
        ...

    async def exchange(
        self,
        target: AgentTarget,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        payload: bytes = b"",
        operation_id: str,
        deadline_s: float,
    ) -> Answer:
        """Such a call with raw bytes beside its arguments and its result."""
        ...


class Homes(Protocol):
    def home(self, user: str) -> str:
        """Absolute path of the user's home on the access point, where the access-point agent's paths begin."""
        ...


class InProcessAgents:
    """Shipped double: answers each target's calls with a given async function; an `Answer` has bytes beside it."""

    def __init__(
        self, answers: Mapping[AgentTarget, Callable[[str, Mapping[str, JsonValue]], Awaitable[JsonValue | Answer]]]
    ) -> None:
        self._answers = answers

    async def call(
        self,
        target: AgentTarget,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        operation_id: str,
        deadline_s: float,
    ) -> JsonValue:
        answer = await self.exchange(target, method, arguments, operation_id=operation_id, deadline_s=deadline_s)
        return answer.result

    async def exchange(
        self,
        target: AgentTarget,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        payload: bytes = b"",
        operation_id: str,
        deadline_s: float,
    ) -> Answer:
        if target not in self._answers:
            raise AgentNotConnected(f"no agent is connected for {target}; launch one first")
        answer = await self._answers[target](method, arguments)
        return answer if isinstance(answer, Answer) else Answer(answer)

"""The door that MCP calls go through: the manager's gate, as the MCP server sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, JsonValue

from ink_core.identity.principal import Principal

CallStatus = Literal["running", "waiting_approval", "done", "failed", "refused", "indeterminate"]


class CallProblem(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    message: str
    retryable: bool


class CallView(BaseModel):
    """The `Call` object of docs/reference/http-api.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    call_id: str
    tool: str
    arguments: dict[str, JsonValue]
    status: CallStatus
    result: JsonValue = None
    error: CallProblem | None = None
    approval_id: str | None = None
    preview: dict[str, JsonValue] | None = None


@dataclass(frozen=True)
class CallTimes:
    """When a call was taken in, and when it last went on."""

    created_at: datetime
    changed_at: datetime


class CallGate(Protocol):
    async def call(
        self,
        principal: Principal,
        tool: str,
        arguments: Mapping[str, JsonValue],
        *,
        origin: str,
        chain: str,
        wait_s: float,
        call_id: str | None = None,
    ) -> CallView:
        """Propose a call; back when it ended, waits for approval, or after `wait_s`. Raises an `InkError`.

        `call_id` is a new, unguessable one of the caller's, who wants to know it before the call is taken in.
        """
        ...

    async def view(self, principal: Principal, call_id: str, *, wait_s: float) -> CallView:
        """One of this principal's calls. Raises `NotFound` for any other."""
        ...

    async def times(self, principal: Principal, call_id: str) -> CallTimes:
        """Of one of this principal's calls. Raises as `view` does."""
        ...

    async def stop(self, principal: Principal, call_id: str) -> CallView:
        """Take back a call that waits for approval, end one that runs as far as its tool can be ended.

        The call as it is then; one that has ended already is left alone. Raises as `view` does.
        """
        ...

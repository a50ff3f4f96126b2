"""The seam to the one gate: what a route changes, it changes by a typed tool call that the gate decides on.

The core knows neither the gate nor its tools: a route names a tool and its arguments, and gets its result or an error.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue
from starlette.datastructures import MutableHeaders

from ink_core.errors import Conflict, InkError
from ink_core.identity.principal import Principal

REPLAYED = {"Idempotency-Replayed": "true"}
"""Header of an answer that is an earlier call's."""


@dataclass(frozen=True)
class RequestKey:
    """A client's name for one request, among its user's; `headers` are those of the answer that is being made."""

    text: str
    headers: MutableHeaders

    def mark_replayed(self) -> None:
        self.headers.update(REPLAYED)


Precondition = Callable[[], Awaitable[None]]
"""Raises where what the request needs to be so is not so."""


class WaitsForApproval(Conflict):
    """The call runs once somebody who may decide has approved it; sent again it would wait a second time."""

    code = "waits_for_approval"

    def __init__(self, tool: str, call_id: str, approval_id: str, more: str = "") -> None:
        course = f"its course is at /api/v1/calls/{call_id}"
        super().__init__(f"{tool} waits for an approval ({approval_id}); {course}{more}")
        self.tool = tool
        self.call_id = call_id
        self.approval_id = approval_id


class StillRunning(Conflict):
    """The call has not ended in the time that the route waits; it goes on."""

    code = "still_running"

    def __init__(self, tool: str, call_id: str) -> None:
        super().__init__(f"{tool} is still running; its course is at /api/v1/calls/{call_id}")
        self.call_id = call_id


class ActionFailed(InkError):
    """The gate refused the call, or it failed: code, text and status are those of the error that was met."""

    def __init__(self, message: str, *, code: str, retryable: bool, replayed: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.replayed = replayed
        self.http_status = _STATUSES.get(code) or _status_of(code)


class Actions(Protocol):
    async def call(
        self,
        principal: Principal,
        tool: str,
        arguments: Mapping[str, JsonValue],
        *,
        key: RequestKey | None = None,
        only_if: Precondition | None = None,
    ) -> JsonValue:
        """The result of one tool call. With the `key` of an earlier call of this user it is that call's.

        `only_if` is asked right before a call that is not an earlier one's. Raises what it raises, `WaitsForApproval`,
        `StillRunning` or `ActionFailed`, or what the gate raises before it takes the call.
        """
        ...


_STATUSES: dict[str, int] = {}


def _status_of(code: str) -> int:
    """The HTTP status of the error class with this code; 400 for a code that only a worker knows."""
    kinds: list[type[InkError]] = [InkError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
        _STATUSES.setdefault(kind.code, kind.http_status)
    return _STATUSES.get(code, 400)

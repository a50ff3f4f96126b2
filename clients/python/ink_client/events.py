"""Streams of server-sent events: changes of jobs, the output of a job as it grows, and what happens in a conversation.

`/api/v1/jobs/events`, `/api/v1/jobs/{cluster}/{job_id}/output/stream`, `/api/v1/sessions/{session_id}/stream`. A stream
that broke off is gone on with after the last id that was seen: `last_event_id`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from ink_client.problems import InkProblem
from ink_client.rest.client import AuthenticatedClient
from ink_client.rest.models.problem import Problem

QUIET_S = 90.0
"""The server says something at least every 15 s, if only that it is there."""


@dataclass(frozen=True)
class ServerEvent:
    """`data` is what its JSON says."""

    name: str
    data: Any
    id: str | None = None


def follow(
    client: AuthenticatedClient, path: str, *, last_event_id: str | None = None, **query: str
) -> Iterator[ServerEvent]:
    """Until the server ends the stream. Raises `InkProblem`, and `httpx.TransportError` where it breaks off."""
    asked = _asked(path, last_event_id, query)
    with client.get_httpx_client().stream(**asked) as answer:
        if answer.is_error:
            answer.read()
        _check(answer)
        lines = _Lines()
        for line in answer.iter_lines():
            if (event := lines.take(line)) is not None:
                yield event


async def afollow(
    client: AuthenticatedClient, path: str, *, last_event_id: str | None = None, **query: str
) -> AsyncIterator[ServerEvent]:
    """The same, asynchronously."""
    asked = _asked(path, last_event_id, query)
    async with client.get_async_httpx_client().stream(**asked) as answer:
        if answer.is_error:
            await answer.aread()
        _check(answer)
        lines = _Lines()
        async for line in answer.aiter_lines():
            if (event := lines.take(line)) is not None:
                yield event


def _asked(path: str, last_event_id: str | None, query: Mapping[str, str]) -> dict[str, Any]:
    headers = {"Accept": "text/event-stream"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    timeout = httpx.Timeout(QUIET_S)
    return {"method": "GET", "url": path, "params": query, "headers": headers, "timeout": timeout}


def _check(answer: httpx.Response) -> None:
    if answer.is_error:
        raise InkProblem(Problem.from_dict(answer.json()))


@dataclass
class _Lines:
    """Puts the lines of a stream together to events (HTML standard, section 9.2)."""

    _name: str = ""
    _id: str | None = None
    _data: list[str] = field(default_factory=list[str])

    def take(self, line: str) -> ServerEvent | None:
        """The event that an empty line completes."""
        if not line:
            return self._completed()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "id":
            self._id = value
        elif name == "data":
            self._data.append(value)
        return None

    def _completed(self) -> ServerEvent | None:
        data, name = self._data, self._name
        self._data, self._name = [], ""
        return ServerEvent(name or "message", json.loads("\n".join(data)), self._id) if data else None

"""Speaks with the manager about conversations: open, post, follow, stop, decide. Every wait has a deadline."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

import httpx2

from ink_core.errors import Unavailable
from manager.remote import DEADLINE_S, Access, Refused, reason

SILENCE_S = 60.0
"""The manager says something at least every 15 s; after this the connection is taken for dead."""
TRIES = 8
LONGEST_PAUSE_S = 4.0
"""Between tries, which begin with half a second: a manager that is restarted is found again."""

Event = Mapping[str, Any]
Pause = Callable[[float], Awaitable[None]]


class Conversations:
    """As the one whose token it is. Methods raise `Refused` with the manager's words, or `Unavailable`."""

    def __init__(self, access: Access, pause: Pause = asyncio.sleep) -> None:
        self._pause = pause
        self.address = access.address
        timeout = httpx2.Timeout(DEADLINE_S, read=SILENCE_S)
        self._http = httpx2.AsyncClient(
            base_url=f"{access.address}/api/v1", headers=access.headers, timeout=timeout, trust_env=False
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str, **asked: str) -> Any:
        return (await self._asked("GET", path, params=asked)).json()

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = await self._asked("POST", path, json=dict(body))
        return answer.json() if answer.content else None

    async def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return (await self._asked("PATCH", path, json=dict(body))).json()

    async def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return (await self._asked("PUT", path, json=dict(body))).json()

    async def stop(self, session_id: str) -> None:
        await self.post(f"/sessions/{quote(session_id, safe='')}/stop", {})

    async def waiting(self, approval_id: str) -> Event | None:
        """A request of another conversation, as far as one may see it; None for one that does not wait any more."""
        requests = await self.get("/approvals")
        return next((one for one in requests if one["approval_id"] == approval_id), None)

    async def decide(self, request: Event, verdict: str, why: str) -> None:
        """On a request for approval as it was shown; the manager refuses when it is another one by now."""
        body = {"verdict": verdict, "reason": why, "digest": request["digest"]}
        await self.post(f"/approvals/{quote(request['approval_id'], safe='')}", body)

    async def follow(self, session_id: str, after: int) -> AsyncGenerator[Event]:
        """Everything in the session from `after` on, without end; goes on where it was when the connection breaks."""
        failed = 0
        while True:
            try:
                async with aclosing(self._stream(session_id, after)) as events:
                    async for event in events:
                        failed, after = 0, event.get("seq", after)
                        yield event
            except httpx2.HTTPError as error:
                failed += 1
                if failed == TRIES:
                    raise Unavailable(f"the manager at {self.address} does not answer: {error}") from error
                await self._pause(min(2 ** (failed - 2), LONGEST_PAUSE_S))

    async def _stream(self, session_id: str, after: int) -> AsyncGenerator[Event]:
        path, kind = f"/sessions/{quote(session_id, safe='')}/stream", ""
        async with self._http.stream("GET", path, params={"after": after}) as answer:
            if answer.is_error:
                await answer.aread()
                raise Refused(reason(answer))
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    yield {"kind": kind, **json.loads(value)}

    async def _asked(self, method: str, path: str, **sent: Any) -> httpx2.Response:
        try:
            answer = await self._http.request(method, path, **sent)
        except httpx2.HTTPError as error:
            raise Unavailable(f"the manager at {self.address} does not answer: {error}") from error
        if answer.is_error:
            raise Refused(reason(answer))
        return answer

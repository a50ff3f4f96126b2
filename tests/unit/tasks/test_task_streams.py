"""Two members over the network: both follow one session, both write to it, and one of them is removed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.security.application import application, signed_in
from tests.unit.tasks.served import on_a_port

PATIENCE_S = 120
Headers = dict[str, str]


async def following(http: httpx2.AsyncClient, path: str, headers: Headers) -> AsyncGenerator[dict[str, Any]]:
    """The durable events as they come, until the stream ends."""
    async with http.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if line.startswith("data: ") and "seq" in (data := json.loads(line.removeprefix("data: "))):
                yield data


async def until(events: AsyncGenerator[dict[str, Any]], kind: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        async for event in events:
            if event["kind"] == kind:
                return event
    raise AssertionError(f"the stream ended before {kind}")


async def members(app: FastAPI, http: httpx2.AsyncClient) -> tuple[Headers, Headers, str, str]:
    """Alice and Bob, who steers in her task; the task, and her session in it."""
    alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
    task_id = (await http.post("/api/v1/tasks", json={"title": "Higgs"}, headers=alice)).json()["task_id"]
    await http.put(f"/api/v1/tasks/{task_id}/members/bob", json={"role": "steer"}, headers=alice)
    session = await http.post("/api/v1/sessions", json={"task_id": task_id}, headers=alice)
    return alice, bob, f"/api/v1/tasks/{task_id}", f"/api/v1/sessions/{session.json()['session_id']}"


@pytest.mark.requirement("AGENT-TASK-03")
async def test_two_members_follow_and_steer_one_session_until_one_of_them_is_removed(tmp_path: Path) -> None:
    async with (
        application(tmp_path) as app,
        on_a_port(app, tmp_path) as address,
        httpx2.AsyncClient(base_url=address, timeout=PATIENCE_S) as http,
    ):
        alice, bob, task, session = await members(app, http)
        streams = [following(http, f"{session}/stream", headers) for headers in (alice, bob)]
        for who, name in ((alice, "alice"), (bob, "bob")):
            posted = await http.post(f"{session}/messages", json={"text": "help"}, headers=who)
            assert posted.status_code == 202
            for stream in streams:
                assert (await until(stream, "user.message"))["by"] == name
                assert (await until(stream, "turn.ended"))["reason"] == "answered"
        assert (await http.delete(f"{task}/members/bob", headers=alice)).status_code == 204
        async with asyncio.timeout(PATIENCE_S):
            assert [event async for event in streams[1]] == []
        again = [await http.get(f"{session}/stream", headers=bob), await http.get(session, headers=bob)]
        assert [answer.status_code for answer in again] == [404, 404]
        back = following(http, f"{session}/stream", alice)
        assert (await until(back, "session.opened"))["owner"] == "alice"
        for stream in (streams[0], back):
            await stream.aclose()

"""Every route of conversations, sub-agents, tasks and usage, tried with ids of others and with credentials for less."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import JsonValue

from manager.gate.lockout import LockKind
from tests.security.application import application, client, signed_in
from tests.security.test_tasks import WATCHES, Headers, opened, session_in

OF_A_SESSION: tuple[tuple[str, str, JsonValue, bool], ...] = (
    ("GET", "sessions/{session}", None, True),
    ("GET", "sessions/{session}/turns", None, True),
    ("GET", "subagents?session_id={session}", None, True),
    ("GET", "usage/sessions/{session}", None, True),
    ("POST", "sessions/{session}/branches", {"turn": 1, "text": "mine"}, False),
    ("PUT", "sessions/{session}/path", {"turn": 0}, False),
    ("POST", "sessions/{session}/compact", None, False),
    ("PUT", "sessions/{session}/plan-mode", {"on": True}, False),
    ("PUT", "sessions/{session}/edit-review", {"on": True}, False),
    ("PUT", "sessions/{session}/terminals/w-1/t-1", {"on": True}, False),
    ("PUT", "sessions/{session}/budget", {"tokens": 1}, False),
    ("POST", "sessions/{session}/stop", None, False),
    ("POST", "calls", {"tool": "list_jobs", "session_id": "{session}"}, False),
)
OF_A_TASK: tuple[tuple[str, str, JsonValue, bool], ...] = (
    ("GET", "tasks/{task}", None, True),
    ("GET", "tasks/{task}/sessions", None, True),
    ("GET", "tasks/{task}/memory", None, True),
    ("GET", "subagents?task_id={task}", None, True),
    ("GET", "usage/tasks/{task}", None, True),
    ("PATCH", "tasks/{task}", {"title": "mine"}, False),
    ("PUT", "tasks/{task}/budget", {"tokens": 1}, False),
    ("PUT", "tasks/{task}/members/carol", {"role": "steer"}, False),
    ("DELETE", "tasks/{task}", None, False),
)


async def test_no_guessed_id_opens_a_route_for_a_stranger_a_watcher_or_a_token_that_is_for_something_else(
    tmp_path: Path,
) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, carol = await signed_in(app, "alice"), await signed_in(app, "carol")
        mallory = await signed_in(app, "mallory")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        await http.put(f"/api/v1/tasks/{task_id}/members/carol", json=WATCHES, headers=alice)
        new = {"name": "t", "scopes": ["jobs:read"], "lifetime_s": 600}
        reading = {
            "Authorization": f"Bearer {(await http.post('/api/v1/tokens', json=new, headers=alice)).json()['token']}"
        }

        async def answered(headers: Headers, method: str, path: str, body: JsonValue) -> int:
            filled = json.loads(json.dumps(body).replace("{session}", session_id)) if body else None
            url = f"/api/v1/{path.format(session=session_id, task=task_id)}"
            return (await http.request(method, url, json=filled, headers=headers)).status_code

        for method, path, body, reads in (*OF_A_SESSION, *OF_A_TASK):
            assert await answered(mallory, method, path, body) == 404, path
            assert await answered(carol, method, path, body) == (200 if reads else 403), path
            expected = 200 if path == "calls" else 403
            assert await answered(reading, method, path, body) == expected, path
        await app.state.platform.kill_switch.lock(LockKind.USER, "alice", "admin", "runs wild")
        for method, path, body, _ in (*OF_A_SESSION, *OF_A_TASK):
            assert await answered(alice, method, path, body) in (401, 403), path

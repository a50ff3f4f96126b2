"""Hostile requests to the whole application: endless bodies, names and numbers that nothing takes, stored poison."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from ink_core.api import security
from ink_core.api.body_limit import MAX_BODY_BYTES
from manager.api.platform import Platform
from tests.security.test_application import application, client

SITE = "http://site"


@asynccontextmanager
async def signed_in(app: FastAPI, *usernames: str) -> AsyncGenerator[list[httpx2.AsyncClient], None]:
    """One browser for each user."""
    platform: Platform = app.state.platform
    browsers: list[httpx2.AsyncClient] = []
    for username in usernames:
        await platform.core.identity.create_user(username, is_admin=username.startswith("admin"))
        code = (await platform.core.identity.create_sign_in_code(username)).secret
        http = client(app)
        http.headers["Origin"] = SITE
        assert (await http.get("/sign-in", params={"code": code})).status_code == 303
        browsers.append(http)
    try:
        yield browsers
    finally:
        for http in browsers:
            await http.aclose()


async def frames(
    app: FastAPI, http: httpx2.AsyncClient, path: str, count: int, sent: bytearray | None = None
) -> list[str]:
    """The first events of an endless stream; the plain client would wait for its end. `sent` fills as they come."""
    sent, gone = bytearray() if sent is None else sent, asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.extend(message.get("body", b""))
        if sent.count(b"\n\n") >= count:
            gone.set()

    cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    headers = [(b"host", b"site"), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    async with asyncio.timeout(60):
        await app({**scope, "scheme": "http", "server": ("site", 80), "http_version": "1.1"}, receive, send)
    return sent.decode().split("\n\n")[:count]


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "undeclared"])
async def test_a_body_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path, declared: bool) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken < 20 * MAX_BODY_BYTES:
            taken += 1024 * 1024
            yield b"[" * (1024 * 1024)

    async with application(tmp_path) as app, signed_in(app, "alice") as (http,), client(app) as stranger:
        if not declared:
            answer = await stranger.post("/api/v1/calls", content=endless())
            assert (answer.status_code, taken) == (401, 0)  # of a call, nothing is read of who may not call
        for path in ("/api/v1/calls", "/api/v1/auth/login"):
            taken = 0
            headers = {"Content-Type": "application/json"}
            if declared:
                headers["Content-Length"] = str(20 * MAX_BODY_BYTES)
            answer = await http.post(path, content=endless(), headers=headers)
            assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (413, 413, "body_too_large")
            assert taken <= (0 if declared else MAX_BODY_BYTES + 2 * 1024 * 1024)


@pytest.mark.parametrize("path", ["/x%00.js", "/assets/x%00.js", f"/assets/{'a' * 5000}.js", "/..%2f..%2fapp.py"])
async def test_a_name_that_no_file_has_is_not_found(tmp_path: Path, path: str) -> None:
    async with application(tmp_path) as app, client(app) as http:
        assert (await http.get(path)).status_code == 404


@pytest.mark.parametrize("query", ["cursor=" + "9" * 5000, "cursor=-1", "limit=-1", "limit=1e3", "state=NONE"])
async def test_numbers_out_of_all_bounds_are_bad_input(tmp_path: Path, query: str) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (http,):
        answer = await http.get(f"/api/v1/jobs?{query}")
        assert answer.status_code in (400, 422, 503)  # 503: the queue is not polled in this test
        stream = await http.get("/api/v1/sessions/s0/stream", params={"after": 10**25})
        assert stream.status_code == 422


@pytest.mark.parametrize("body", ["NaN", "Infinity", "1e999", "[" * 100_000, '{"x":' * 900 + "1" + "}" * 900])
async def test_json_that_is_none_is_bad_input(tmp_path: Path, body: str) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (http,):
        content = f'{{"tool":"list_jobs","arguments":{{"limit":{body}}}}}'
        answer = await http.post("/api/v1/calls", content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422)
        assert answer.json()["code"] in ("bad_request", "bad_input")


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        ({"tool": "x", "session_id": "\ud800"}, 404, "session_not_found"),
        ({"tool": "x\r\nledger verified\x1b]0;own\x07"}, 422, "bad_input"),
        ({"tool": "list_jobs\n"}, 422, "bad_input"),
        ({"tool": "\ud800"}, 422, "bad_input"),
    ],
)
async def test_a_call_with_a_name_that_nothing_can_have_is_refused(
    tmp_path: Path, call: dict[str, str], status: int, code: str
) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (http,):
        answer = await http.post(
            "/api/v1/calls", content=json.dumps(call), headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_nothing_that_a_user_stores_makes_their_sessions_unreadable(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (http,):
        session = (await http.post("/api/v1/sessions", json={"title": "a"})).json()["session_id"]
        path = f"/api/v1/sessions/{session}"
        assert (await http.patch(path, json={"title": None})).status_code == 422
        call = {"tool": "read_file", "arguments": {"path": "a", "offset": 10**40}, "session_id": session}
        refused = (await http.post("/api/v1/calls", json=call)).json()
        assert refused["status"] == "refused"
        assert (await http.get("/api/v1/sessions")).status_code == 200
        shown = await frames(app, http, f"{path}/stream", 3)
        assert [line.split("\n")[1] for line in shown] == [
            "event: session.opened",
            "event: call.proposed",
            "event: call.refused",
        ]
        assert json.loads(shown[1].split("data: ", 1)[1])["arguments"]["offset"] == 10**40


async def test_what_belongs_to_one_user_is_not_there_for_another_even_an_administrator(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "bob", "admin") as (alice, *others):
        session = (await alice.post("/api/v1/sessions", json={})).json()["session_id"]
        call = (await alice.post("/api/v1/calls", json={"tool": "list_agents"})).json()["call_id"]
        token = (
            await alice.post("/api/v1/tokens", json={"name": "t", "scopes": ["jobs:read"], "lifetime_s": 60})
        ).json()
        for other in others:
            answers = [
                await other.get(f"/api/v1/sessions/{session}"),
                await other.get(f"/api/v1/sessions/{session}/stream"),
                await other.patch(f"/api/v1/sessions/{session}", json={"title": "mine"}),
                await other.post(f"/api/v1/sessions/{session}/messages", json={"text": "go"}),
                await other.post(f"/api/v1/sessions/{session}/stop"),
                await other.get(f"/api/v1/sessions/{session}/turns"),
                await other.post(f"/api/v1/sessions/{session}/branches", json={"turn": 1, "text": "mine"}),
                await other.put(f"/api/v1/sessions/{session}/path", json={"turn": 0}),
                await other.post(f"/api/v1/sessions/{session}/compact"),
                await other.post("/api/v1/calls", json={"tool": "list_agents", "session_id": session}),
                await other.get(f"/api/v1/calls/{call}"),
                await other.delete(f"/api/v1/tokens/{token['id']}"),
            ]
            assert [answer.status_code for answer in answers] == [404] * len(answers)


async def test_a_token_can_do_no_more_than_its_scopes_and_makes_no_tokens(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "admin") as (admin,), client(app) as http:
        new = {"name": "t", "scopes": ["jobs:read"], "lifetime_s": 60}
        token = (await admin.post("/api/v1/tokens", json=new)).json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        refused = [
            await http.post("/api/v1/tokens", json=new),
            await http.get("/api/v1/audit/verify"),
            await http.get("/metrics"),
            await http.get("/api/v1/sessions"),
            await http.get("/api/v1/agents"),
        ]
        assert [answer.status_code for answer in refused] == [403] * len(refused)
        call = (await http.post("/api/v1/calls", json={"tool": "run_command", "arguments": {"argv": ["id"]}})).json()
        assert (call["status"], call["error"]["code"]) == ("refused", "scope_missing")
        assert (await http.get("/api/v1/approvals")).json() == []


@pytest.mark.parametrize("origin", [None, "null", "http://evil", "http://site.evil", "https://site", "http://site:81"])
async def test_a_change_by_cookie_from_elsewhere_is_refused(tmp_path: Path, origin: str | None) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (http,):
        del http.headers["Origin"]
        headers = {"Origin": origin} if origin else {}
        assert (await http.post("/api/v1/sessions", json={}, headers=headers)).status_code == 403


@pytest.mark.parametrize("end", ["logout", "disable"])
async def test_an_open_stream_ends_with_the_session_that_opened_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(security, "LOOK_AGAIN_S", 0.01)
    async with application(tmp_path) as app, signed_in(app, "alice") as (http,):
        session = (await http.post("/api/v1/sessions", json={})).json()["session_id"]
        reading = asyncio.create_task(frames(app, http, f"/api/v1/sessions/{session}/stream", 1000))
        if end == "logout":
            assert (await http.post("/api/v1/auth/logout")).status_code == 204
        else:
            await app.state.core.identity.set_roles("alice", disabled=True)
        await reading  # it has a deadline of its own, and without the end of the session it would only meet that

"""Secrets of people and of providers: the whole application uses them, and no log, record, file or answer has them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from ink_core.identity.principal import Scope
from tests.doubles.openai_script import ScriptedCall, ScriptedReply
from tests.doubles.scripted_openai import ScriptedOpenAI
from tests.security.application import application, client, signed_in

KEY = "inkey-5Qw8ZrT1uVb3XyLmNpKd"
PASSWORD, WRONG = "Correct-Horse-7319", "Wrong-Battery-8842"
SITE = {"Origin": "http://site"}

ECHOES = (
    ScriptedReply(role="user", when="ping", text="pong"),
    ScriptedReply(role="user", when="text", text=f"my key is {KEY}, and again {KEY}", piece=3),
    ScriptedReply(role="user", when="call", calls=(ScriptedCall(name="list_jobs", arguments={"owner": KEY}),)),
    ScriptedReply(role="user", when="name", calls=(ScriptedCall(name=KEY),)),
    ScriptedReply(role="user", when="malformed", calls=(ScriptedCall(name="list_jobs", arguments=f"{{{KEY}"),)),
    ScriptedReply(role="tool", times=None, text="I was told {last}"),
    *(
        ScriptedReply(role="user", when=f"status {status}", times=None, mode="status", status=status, body=body)
        for status in (400, 401, 404, 429, 500)
        for body in (json.dumps({"error": {"message": f"{'x' * 290} key {KEY} is odd", "code": KEY, "param": KEY}}),)
    ),
    ScriptedReply(role="user", when="garbage", mode="garbage", body=f"<h1>{KEY}</h1>"),
)
QUESTIONS = (
    "ping",
    "text",
    "call",
    "name",
    "malformed",
    *(f"status {n}" for n in (400, 401, 404, 429, 500)),
    "garbage",
)


class Said:
    """Everything that anybody could read: logs at the lowest level, what was printed, and all answers."""

    def __init__(self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
        caplog.set_level(logging.DEBUG)
        for name in ("openai", "httpx2", "httpcore2", "uvicorn", "ink_core", "manager"):
            caplog.set_level(logging.DEBUG, name)
        self._caplog, self._capfd = caplog, capfd
        self.answers: list[str] = []

    def logged(self) -> str:
        printed = self._capfd.readouterr()
        records = [str(vars(record)) for record in self._caplog.records if not _of_the_tests_own_client(record)]
        return "".join([*records, printed.out, printed.err])

    def take(self, answer: httpx2.Response) -> Any:
        self.answers.append(f"{answer.status_code} {dict(answer.headers)} {answer.text}")
        return answer


def _of_the_tests_own_client(record: logging.LogRecord) -> bool:
    return record.name == "httpx2" and "http://site/" in record.getMessage()


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Said:
    return Said(caplog, capfd)


@asynccontextmanager
async def with_model(folder: Path) -> AsyncGenerator[FastAPI]:
    """The application with a model that says its own key whenever it can."""
    (key_file := folder / "key").write_text(KEY)
    key_file.chmod(0o600)
    async with ScriptedOpenAI(ECHOES) as server:
        model = {"name": "echo", "base_url": server.base_url, "model": "m", "trust": "site"}
        models = json.dumps([{**model, "api_key_file": str(key_file), "timeout_s": 60}])
        async with application(folder / "data", {"INK_MODELS": models}) as app:
            yield app
            assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}


async def ask(app: FastAPI, http: httpx2.AsyncClient, headers: dict[str, str], text: str, said: Said) -> None:
    """One question, to the end of its turn; all that the stream of the session said is kept."""
    opened = said.take(await http.post("/api/v1/sessions", json={}, headers=headers)).json()
    route = f"/api/v1/sessions/{opened['session_id']}"
    streaming = asyncio.create_task(http.get(f"{route}/stream", headers=headers))
    said.take(await http.post(f"{route}/messages", json={"text": text}, headers=headers))
    async with asyncio.timeout(100):
        while (await http.get(route, headers=headers)).json()["running"]:
            await asyncio.sleep(0.02)
        while "event: turn.ended" not in said.take(await ended(app, streaming)).text:  # it was ended before its end
            streaming = asyncio.create_task(http.get(f"{route}/stream", headers=headers))


async def ended(app: FastAPI, streaming: asyncio.Task[httpx2.Response]) -> httpx2.Response:
    while not streaming.done():
        app.state.platform.sessions.end_streams()
        await asyncio.sleep(0.02)
    return streaming.result()


def files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    return ((str(path.relative_to(folder)), path.read_bytes()) for path in folder.rglob("*") if path.is_file())


@pytest.mark.requirement("AGENT-PROVIDER-03")
async def test_the_key_of_a_provider_that_says_it_in_every_way_is_nowhere(tmp_path: Path, said: Said) -> None:
    async with with_model(tmp_path) as app, client(app) as http:
        alice, admin = await signed_in(app, "alice"), await signed_in(app, "root", is_admin=True)
        for question in QUESTIONS:
            await ask(app, http, alice, question, said)
        for path in ("/api/v1/me", "/api/v1/sessions", "/api/v1/tools", "/ready", "/version"):
            said.take(await http.get(path, headers=alice))
        token = (await identity_token(http, admin, "scraper", Scope.ADMIN, said))["token"]
        for path in ("/metrics", "/api/v1/audit/verify", "/api/v1/approvals?state=all"):
            headers = {"Authorization": f"Bearer {token}"} if path == "/metrics" else admin
            assert said.take(await http.get(path, headers=headers)).status_code == 200
        logged = said.logged()
        assert "pong" in "".join(said.answers) and "my key is ***, and again ***" in "".join(said.answers)
    assert KEY not in "".join(said.answers)
    assert KEY not in logged and KEY not in said.logged()
    assert [name for name, content in files_below(tmp_path / "data") if KEY.encode() in content] == []


async def identity_token(
    http: httpx2.AsyncClient, headers: dict[str, str], name: str, scope: Scope, said: Said
) -> dict[str, Any]:
    body = {"name": name, "scopes": [scope.value], "lifetime_s": 60}
    answer = await http.post("/api/v1/tokens", json=body, headers=headers)
    said.answers.append(str(answer.status_code))  # its one answer may hold the token
    created: dict[str, Any] = answer.json()
    return created


@pytest.mark.requirement("CORE-AUTH-13")
async def test_no_log_line_record_or_later_answer_holds_a_token_a_password_or_a_hash_of_one(
    tmp_path: Path, said: Said
) -> None:
    async with application(tmp_path) as app, client(app) as http, app.state.mcp.running():
        identity = app.state.core.identity
        await identity.create_user("carol", password=PASSWORD)
        code = (await identity.create_sign_in_code("carol")).secret
        spare = (await identity.create_sign_in_code("carol")).secret

        async def login(**body: str) -> httpx2.Response:
            return said.take(await http.post("/api/v1/auth/login", json=body, headers=SITE))

        for body in (
            {"username": "carol", "password": WRONG},
            {"username": "nobody", "password": WRONG},
            {"username": WRONG, "password": WRONG},
            {"username": "carol", "password": WRONG, "passwd": WRONG},
            {"username": "carol", "pass": WRONG},
        ):
            assert (await login(**body)).status_code in (401, 422)
        http.cookies.clear()
        cookie = (await login(username="carol", password=PASSWORD)).cookies["ink_session"]
        said.answers = [answer.replace(cookie, "") for answer in said.answers]  # the answer that sets it
        http.cookies.clear()
        browser = {"Cookie": f"ink_session={cookie}", **SITE}
        token = (await identity_token(http, browser, "laptop", Scope.JOBS_READ, said))["token"]
        linked = await http.get("/sign-in", params={"code": code})
        second = linked.cookies["ink_session"]
        http.cookies.clear()
        bad = "ink_" + "B" * 43
        for secret in (token, cookie, second, code, spare, bad, f"{token}x"):
            for headers in (
                {"Authorization": f"Bearer {secret}"},
                {"Authorization": f"Basic {secret}"},
                {"Authorization": secret},
                {"Cookie": f"ink_session={secret}"},
                {},
            ):
                for method, path in (
                    ("GET", "/api/v1/me"),
                    ("GET", f"/api/v1/me?token={secret}&code={secret}"),
                    ("POST", "/mcp"),
                    ("GET", "/metrics"),
                    ("DELETE", f"/api/v1/tokens/{secret}"),
                    ("POST", "/api/v1/auth/logout"),
                    ("GET", f"/shares/{secret}"),
                ):
                    said.take(await http.request(method, path, headers={**headers, **SITE}))
                    http.cookies.clear()
        for used in (code, f"{spare}x", bad, "x" * 129):
            said.take(await http.get("/sign-in", params={"code": used}))
        logged = said.logged()
        secrets = [PASSWORD, WRONG, code, spare, cookie, second, token, bad]
        hashes = [hashlib.sha256(secret.encode()).hexdigest() for secret in secrets]
        stored = b"".join(file.read_bytes() for file in tmp_path.glob("ink.db*"))
        (argon,) = set(re.findall(rb"\$argon2id\$[\w$=,+/]+", stored))
    logged += said.logged()
    forbidden = [*secrets, *hashes, argon.decode()]
    assert [one for one in forbidden if one in logged] == []
    assert [one for one in forbidden if one in "".join(said.answers)] == []
    for name, content in files_below(tmp_path):
        found = [one for one in secrets if one.encode() in content]
        if not name.startswith("ink.db"):  # the accounts' own store keeps the hashes
            found += [one for one in [*hashes, argon.decode()] if one.encode() in content]
        assert found == [], name

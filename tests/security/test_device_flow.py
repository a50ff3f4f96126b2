"""A program without a browser gets a token that a person confirmed on the page, and nobody gets it otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from ink_core.api.device_routes import GRANT
from ink_core.clock import ManualClock
from ink_core.errors import Conflict, NotFound
from ink_core.identity.device import (
    INTERVAL,
    LIFETIME,
    MAX_OF_ONE,
    AuthorizationPending,
    DeviceCodeExpired,
    DeviceRequests,
    SlowDown,
)
from ink_core.identity.principal import Principal, Scope
from manager.login import LoginFailed, login
from manager.remote import BadInput
from manager.saved_token import save_token, saved_token
from tests.security.application import application, client, signed_in
from tests.security.test_forwarded_for import served

pytestmark = pytest.mark.requirement("CORE-AUTH-10")
READ = frozenset({Scope.JOBS_READ})
ALICE = Principal(username="alice", is_admin=False, scopes=READ, credential="session:1")


@dataclass
class Site:
    app: FastAPI
    http: httpx2.AsyncClient
    alice: Mapping[str, str]

    async def begin(self, scope: str = "jobs:read") -> Any:
        answer = await self.http.post("/api/v1/auth/device", data={"client_id": "a program", "scope": scope})
        return answer.json()

    async def collect(self, device_code: str) -> httpx2.Response:
        form = {"grant_type": GRANT, "device_code": device_code, "client_id": "a program"}
        return await self.http.post("/api/v1/auth/device/token", data=form)

    async def decide(self, code: str, verdict: str, by: Mapping[str, str] | None = None) -> httpx2.Response:
        url = f"/api/v1/device-requests/{code}"
        return await self.http.post(url, json={"verdict": verdict}, headers=by or self.alice)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncGenerator[Site]:
    async with application(tmp_path) as app, client(app) as http:
        yield Site(app, http, await signed_in(app, "alice"))


async def test_a_confirmed_program_gets_a_token_of_that_person_once_with_what_it_asked_for(site: Site) -> None:
    begun = await site.begin("jobs:read files:read")
    shown = await site.http.get(f"/api/v1/device-requests/{begun['user_code'].lower()}", headers=site.alice)
    assert (shown.json()["client"], shown.json()["scopes"]) == ("a program", ["files:read", "jobs:read"])
    assert (await site.decide(begun["user_code"], "approve")).status_code == 204
    given = await site.collect(begun["device_code"])
    assert (given.status_code, given.json()["scope"], given.headers["cache-control"]) == (
        200,
        "files:read jobs:read",
        "no-store",
    )
    me = await site.http.get("/api/v1/me", headers={"Authorization": f"Bearer {given.json()['access_token']}"})
    assert (me.json()["username"], me.json()["scopes"]) == ("alice", ["files:read", "jobs:read"])
    again = await site.collect(begun["device_code"])
    assert (again.status_code, again.json()["error"]) == (400, "expired_token")
    (token,) = await site.app.state.core.identity.tokens("alice")
    assert token.name == "a program"


async def test_a_program_that_is_denied_or_waits_is_told_so_in_the_words_of_the_standard(site: Site) -> None:
    begun = await site.begin()
    assert (await site.collect(begun["device_code"])).json()["error"] == "authorization_pending"
    assert (await site.collect(begun["device_code"])).json()["error"] == "slow_down"
    assert (await site.decide(begun["user_code"], "deny")).status_code == 204
    assert (await site.collect(begun["device_code"])).json()["error"] == "access_denied"
    assert (await site.collect("invented")).json()["error"] == "expired_token"
    assert (await site.begin("root"))["error"] == "invalid_scope"
    wrong = {"grant_type": "password", "device_code": "x"}
    assert (await site.http.post("/api/v1/auth/device/token", data=wrong)).json()["error"] == "unsupported_grant_type"


async def test_only_a_person_in_a_browser_confirms_and_never_more_than_is_theirs(site: Site) -> None:
    begun, code = await site.begin("admin"), ""
    code = begun["user_code"]
    assert (await site.http.get(f"/api/v1/device-requests/{code}")).status_code == 401
    assert (await site.decide(code, "approve")).status_code == 422
    cross = {**site.alice, "Origin": "http://evil.example"}
    assert (await site.decide(code, "approve", by=cross)).status_code == 403
    narrow = await site.begin()
    await site.decide(narrow["user_code"], "approve")
    token = {"Authorization": f"Bearer {(await site.collect(narrow['device_code'])).json()['access_token']}"}
    third = await site.begin()
    assert (await site.decide(third["user_code"], "approve", by=token)).status_code == 403
    assert (await site.collect(third["device_code"])).json()["error"] == "authorization_pending"


@pytest.mark.parametrize("by_kill_switch", [False, True])
async def test_who_was_locked_meanwhile_gives_nobody_a_token(site: Site, by_kill_switch: bool) -> None:
    identity = site.app.state.core.identity
    begun = await site.begin()
    await site.decide(begun["user_code"], "approve")
    if by_kill_switch:
        identity.authenticating.lock_out("alice")
    else:
        await identity.set_roles("alice", disabled=True)
    assert (await site.collect(begun["device_code"])).json()["error"] == "access_denied"
    assert await identity.tokens("alice") == []


async def test_the_command_gets_a_token_from_a_running_server(tmp_path: Path) -> None:
    async with application(tmp_path) as app, served(app, tmp_path) as http:
        alice = await signed_in(app, "alice")
        alice = {**alice, "Origin": str(http.base_url)}
        codes: list[str] = []

        def run() -> str:
            with httpx2.Client(base_url=http.base_url) as mine:
                return login(mine, "ink", [Scope.JOBS_READ], lambda _, code: codes.append(code), wait=confirm)

        def confirm(_: float) -> None:
            url = f"{http.base_url}/api/v1/device-requests/{codes[0]}"
            assert httpx2.post(url, json={"verdict": "approve"}, headers=alice, timeout=60).status_code == 204

        token = await asyncio.to_thread(run)
        me = await http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert me.json()["username"] == "alice"


async def test_the_command_says_why_it_got_none(tmp_path: Path) -> None:
    answers = iter([{"device_code": "d", "user_code": "u", "verification_uri_complete": "x", "interval": 5,
                     "expires_in": 600}, {"error": "slow_down"}, {"error": "access_denied"}])  # fmt: skip
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=next(answers)))
    waited: list[float] = []
    with httpx2.Client(base_url="http://site", transport=transport) as http, pytest.raises(LoginFailed, match="denied"):
        login(http, "ink", [], lambda *_: None, wait=waited.append)
    assert waited == [5, 10]


# -- what waits


def test_a_request_is_over_after_its_time_and_its_code_is_decided_on_once() -> None:
    devices, clock = DeviceRequests(), ManualClock()
    code, request = devices.begin("a program", READ, "10.0.0.1", clock.now())
    devices.approve(request.user_code, ALICE, clock.now())
    with pytest.raises(Conflict):
        devices.deny(request.user_code, clock.now())
    clock.advance(LIFETIME.total_seconds())
    with pytest.raises(DeviceCodeExpired):
        devices.collect(code, clock.now())
    with pytest.raises(NotFound):
        devices.asked(request.user_code, clock.now())


def test_who_asks_too_often_has_to_ask_less_often() -> None:
    devices, clock = DeviceRequests(), ManualClock()
    code, request = devices.begin("a program", READ, "10.0.0.1", clock.now())
    for _ in range(2):
        with pytest.raises(AuthorizationPending):
            devices.collect(code, clock.now())
    devices.approve(request.user_code, ALICE, clock.now())
    clock.advance(INTERVAL.total_seconds())
    with pytest.raises(SlowDown):
        devices.collect(code, clock.now())
    clock.advance(3 * INTERVAL.total_seconds())
    assert devices.collect(code, clock.now())[1] == ALICE


def test_one_network_cannot_crowd_out_another() -> None:
    devices, now = DeviceRequests(), ManualClock().now()
    _, mine = devices.begin("mine", READ, "10.0.0.1", now)
    _, first = devices.begin("first", READ, "10.0.0.2", now)
    for _ in range(MAX_OF_ONE):
        devices.begin("more", READ, "10.0.0.2", now)
    assert devices.asked(mine.user_code, now) is mine
    with pytest.raises(NotFound):
        devices.asked(first.user_code, now)


# -- the file


def test_a_saved_token_is_for_its_address_and_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "ink-harness" / "tokens.json"
    save_token("https://one", "ink_1", file)
    save_token("https://two", "ink_2", file)
    assert (saved_token("https://one", file), saved_token("https://two", file)) == ("ink_1", "ink_2")
    assert saved_token("https://three", file) is None
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["tokens.json"]
    file.chmod(0o644)
    with pytest.raises(BadInput, match="others could read"):
        saved_token("https://one", file)

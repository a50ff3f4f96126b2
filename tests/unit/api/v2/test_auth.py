"""`/api/v2/auth` answers in INK's envelope, to the credentials that INK's clients send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from ink_core.api.security import Security, install_security
from ink_core.api.v2 import auth
from ink_core.clock import ManualClock
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.model import Issued
from ink_core.identity.passwords import Passwords
from ink_core.identity.principal import USER_SCOPES, Scope
from ink_core.identity.service import KEEP_PASSWORD_TOKENS, PASSWORD_TOKEN, IdentityService
from tests.security.application import application, client, signed_in

PASSWORD = "correct horse battery"


@dataclass
class Site:
    app: FastAPI
    http: httpx2.AsyncClient
    identity: IdentityService

    async def token(self, username: str = "alice", *scopes: Scope, lifetime: timedelta = timedelta(hours=1)) -> Issued:
        wanted = frozenset(scopes) or frozenset({Scope.JOBS_READ})
        return await self.identity.create_token_of(username, "test", wanted, lifetime)

    async def get(self, path: str, headers: dict[str, str], **params: str) -> dict[str, Any]:
        return read(await self.http.get(f"/api/v2/auth/{path}", headers=headers, params=params))

    async def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
        return read(await self.http.post(f"/api/v2/auth/{path}", json=body, headers=headers or {}))


def read(answer: httpx2.Response) -> dict[str, Any]:
    """A business answer: whatever happened, HTTP says 200 and the envelope says what."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert isinstance(body["status"], str) and isinstance(body["msg"], str) and "data" in body
    return body


def ink(issued: Issued, username: str = "alice") -> dict[str, str]:
    return {"Ink-Username": username, "Ink-Token": issued.secret}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with application(tmp_path) as app, client(app) as http:
        identity = app.state.core.identity
        await identity.create_user("alice", password=PASSWORD)
        await identity.create_user("ada", is_admin=True)
        yield Site(app, http, identity)


@pytest.mark.requirement("CORE-V2-02")
@pytest.mark.parametrize("route", ["create_token", "create_and_get_token"])
async def test_a_password_makes_a_token_that_is_valid(site: Site, route: str) -> None:
    made = await site.post(route, {"username": "alice", "password": PASSWORD})
    assert (made["status"], made["msg"], made["data"]["username"]) == ("200", "OK", "alice")
    headers = {"Ink-Username": "alice", "Ink-Token": made["data"]["token"]}
    checked = await site.post("validate_token", None, headers)
    assert checked == {"status": "200", "msg": "OK", "data": {"username": "alice", "valid": True}}


@pytest.mark.requirement("CORE-V2-01")
@pytest.mark.parametrize("username", ["alice", "nobody", "../etc"])
async def test_a_wrong_password_is_a_business_error_without_a_hint(site: Site, username: str) -> None:
    refused = await site.post("create_token", {"username": username, "password": "wrong"})
    assert refused["status"] == "A07" and refused["data"] is None
    assert refused["msg"] == "the username or the password is wrong"


async def test_who_guesses_passwords_is_banned_for_a_while(site: Site) -> None:
    statuses = [
        (await site.post("create_token", {"username": "alice", "password": f"wrong {n}"}))["status"] for n in range(6)
    ]
    assert statuses == ["A07"] * 5 + ["A08"]
    assert (await site.post("create_token", {"username": "alice", "password": PASSWORD}))["status"] == "A08"


async def test_a_program_that_signs_in_every_time_keeps_its_latest_tokens(site: Site) -> None:
    scopes, hour = frozenset({Scope.JOBS_READ}), timedelta(hours=1)
    for _ in range(KEEP_PASSWORD_TOKENS):
        await site.identity.create_token_of("alice", PASSWORD_TOKEN, scopes, hour)
    made = await site.post("create_token", {"username": "alice", "password": PASSWORD})
    assert len(await site.identity.tokens("alice")) == KEEP_PASSWORD_TOKENS
    assert (await site.post("validate_token", None, {"Ink-Token": made["data"]["token"]}))["status"] == "200"


async def test_an_administrators_password_makes_no_administrators_token(site: Site) -> None:
    await site.identity.set_password("ada", PASSWORD)
    made = await site.post("create_token", {"username": "ada", "password": PASSWORD})
    refused = await site.post("create_user", {"username": "carol"}, {"Ink-Token": made["data"]["token"]})
    assert (refused["status"], refused["code"]) == ("A03", "forbidden")


@pytest.mark.requirement("CORE-V2-01")
async def test_what_is_missing_in_a_request_is_named(site: Site) -> None:
    refused = await site.post("create_token", {"username": "alice"})
    assert refused["status"] == "P00" and "password" in refused["msg"]


@pytest.mark.requirement("CORE-V2-02")
async def test_tokens_that_do_not_count_are_told_apart_for_clients_that_sign_in_again(site: Site) -> None:
    issued = await site.token()
    gone = await site.token()
    await site.identity.revoke_token("alice", gone.credential.id)
    assert (await site.get("get_user", {}))["status"] == "A02"
    assert (await site.get("get_user", {"Ink-Username": "alice", "Ink-Token": "made-up"}))["status"] == "A02"
    assert (await site.get("get_user", ink(gone)))["status"] == "A02"
    assert (await site.get("get_user", ink(issued, "ada")))["status"] == "A02"
    assert (await site.get("get_user", ink(issued)))["status"] == "200"


@pytest.mark.requirement("CORE-V2-01")
async def test_the_word_for_an_expired_token_is_its_own() -> None:
    clock, app = ManualClock(), FastAPI()
    identity = IdentityService(InMemoryIdentityStore(), clock, Passwords(PasswordHasher(1, 64, 1)))
    await identity.create_user("alice")
    issued = await identity.create_token_of("alice", "test", frozenset({Scope.JOBS_READ}), timedelta(hours=1))
    install_security(app, Security(identity, "http://site"))
    app.include_router(auth.router)
    clock.advance(3601)
    async with client(app) as http:
        answer = await http.post("/api/v2/auth/validate_token", headers=ink(issued))
    assert (answer.status_code, answer.json()["status"]) == (401, "A01")
    identity.close()


@pytest.mark.requirement("CORE-V2-02")
async def test_a_bearer_token_serves_as_well(site: Site) -> None:
    issued = await site.token()
    found = await site.get("get_user", {"Authorization": f"Bearer {issued.secret}"}, username="alice")
    assert found["data"] == {"username": "alice", "is_admin": False, "disabled": False}


@pytest.mark.requirement("CORE-V2-02")
async def test_get_token_answers_the_token_that_came_and_never_another(site: Site) -> None:
    issued = await site.token()
    assert (await site.get("get_token", ink(issued), username="alice"))["data"]["token"] == issued.secret
    admin = await site.token("ada", Scope.ADMIN)
    assert (await site.get("get_token", ink(admin, "ada"), username="alice"))["status"] == "A04"
    assert len(await site.identity.tokens("alice")) == 1


async def test_get_token_makes_one_for_a_browser_session(site: Site) -> None:
    headers = await signed_in(site.app, "bob")
    made = await site.get("get_token", headers)
    assert (await site.post("validate_token", None, {"Ink-Token": made["data"]["token"]}))["data"]["username"] == "bob"


@pytest.mark.requirement("CORE-V2-03")
async def test_nginx_learns_whose_request_it_is(site: Site) -> None:
    issued = await site.token("alice", *USER_SCOPES)
    passed = await site.http.get("/api/v2/auth/auth_request", headers=ink(issued))
    assert (passed.status_code, passed.headers["X-Auth-Request-User"], passed.content) == (204, "alice", b"")
    by_cookie = await site.http.get("/api/v2/auth/auth_request", headers=await signed_in(site.app, "bob"))
    assert by_cookie.headers["X-Auth-Request-User"] == "bob"


@pytest.mark.requirement("CORE-V2-03")
@pytest.mark.parametrize(("method", "route"), [("GET", "auth_request"), ("POST", "validate_token")])
@pytest.mark.parametrize("headers", [{}, {"Ink-Token": "ink_nonsense"}, {"Cookie": "ink_session=ink_nonsense"}])
async def test_without_a_valid_credential_these_two_say_401(
    site: Site, method: str, route: str, headers: dict[str, str]
) -> None:
    answer = await site.http.request(method, f"/api/v2/auth/{route}", headers={"Origin": "http://site", **headers})
    assert answer.status_code == 401 and answer.json()["status"] == "A02"
    assert "X-Auth-Request-User" not in answer.headers


async def test_a_locked_users_token_opens_nothing(site: Site) -> None:
    issued = await site.token()
    site.identity.authenticating.lock_out("alice")
    answer = await site.http.get("/api/v2/auth/auth_request", headers=ink(issued))
    assert (answer.status_code, answer.json()["status"]) == (401, "A07")


@pytest.mark.requirement("CORE-V2-02")
async def test_permissions_are_words_and_those_of_others_are_for_administrators(site: Site) -> None:
    alice, ada = await site.token(), await site.token("ada", Scope.ADMIN)
    own = await site.get("get_permission", ink(alice), username="alice")
    assert set(own["data"]) == {"permissions", "default", "identity"}
    assert own["data"]["default"] in own["data"]["permissions"] and "admin" not in own["data"]["permissions"]
    assert "admin" in (await site.get("get_permission", ink(ada, "ada")))["data"]["permissions"]
    assert (await site.get("get_permission", ink(alice), username="ada"))["status"] == "A05"
    assert (await site.get("get_permission", ink(ada, "ada"), username="alice"))["data"] == own["data"]


@pytest.mark.requirement("CORE-V2-02")
async def test_an_administrator_creates_users(site: Site) -> None:
    ada = ink(await site.token("ada", Scope.ADMIN), "ada")
    made = await site.post("create_user", {"username": "carol"}, ada)
    assert made["data"]["username"] == "carol"
    assert (await site.get("get_user", ada, username="carol"))["data"]["is_admin"] is False
    assert (await site.post("create_user", {"username": "carol"}, ada))["status"] == "A03"
    assert (await site.post("create_user", {"username": "no name"}, ada))["status"] == "A03"
    assert (await site.get("get_user", ada, username="nobody"))["status"] == "A06"


async def test_a_foreign_page_changes_nothing_with_the_cookie(site: Site) -> None:
    await site.identity.create_user("root", is_admin=True)
    code = (await site.identity.create_sign_in_code("root")).secret
    cookie = (await site.identity.redeem_sign_in_code(code)).secret
    headers = {"Cookie": f"ink_session={cookie}", "Origin": "http://evil.example"}
    assert (await site.post("create_user", {"username": "mallory"}, headers))["code"] == "forbidden"
    assert "mallory" not in [user.username for user in await site.identity.users()]


async def test_to_a_proxy_no_failure_looks_like_a_yes(site: Site) -> None:
    narrow = await site.token("alice", Scope.JOBS_READ)
    for headers, status in (
        ({}, 401),
        (ink(narrow), 403),
        ({"Authorization": f"Bearer {narrow.secret}"}, 403),
        ({**await signed_in(site.app, "carol"), "Origin": "http://evil.example", "X-Original-Method": "POST"}, 403),
    ):
        answer = await site.http.get("/api/v2/auth/auth_request", headers=headers)
        assert (answer.status_code, "x-auth-request-user" in answer.headers) == (status, False), headers


async def test_a_page_of_another_site_makes_no_token_by_sending_the_browser_here(site: Site) -> None:
    browser = await signed_in(site.app, "carol")
    led = await site.get("get_token", {**browser, "Sec-Fetch-Site": "cross-site"})
    assert led["code"] == "forbidden"
    assert list(await site.identity.tokens("carol")) == []


async def test_a_new_password_ends_the_tokens_that_the_old_one_made(site: Site) -> None:
    made = await site.post("create_token", {"username": "alice", "password": PASSWORD})
    token = made["data"]["token"]
    other = await site.token("alice")
    await site.identity.set_password("alice", "another long password")
    valid = await site.http.post("/api/v2/auth/validate_token", headers={"Ink-Token": token})
    assert valid.status_code == 401
    valid = await site.http.post("/api/v2/auth/validate_token", headers={"Ink-Token": other.secret})
    assert valid.status_code == 200

"""Users and groups over REST, in the manager's whole application: who may, what changes, and that it is on record."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from ink_core.identity.model import User
from ink_core.identity.principal import ADMIN_SCOPES, Scope
from manager.api.platform import Platform
from tests.security.application import application, client, signed_in

pytestmark = pytest.mark.requirement("CORE-AUTH-14")
USERS, GROUPS, ADMIN = "/api/v1/users", "/api/v1/groups", "/api/v1/admin"


@dataclass
class Site:
    """The application with an administrator and a user, both in their browsers."""

    http: httpx2.AsyncClient
    app: FastAPI
    platform: Platform
    admin: Mapping[str, str]
    alice: Mapping[str, str]

    async def ask(self, method: str, path: str, body: Any = None, by: Mapping[str, str] | None = None) -> Any:
        return await self.http.request(method, path, json=body, headers=by or self.admin)

    async def done(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.ask(method, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def refused(self, method: str, path: str, body: Any = None, by: Mapping[str, str] | None = None) -> str:
        answer = await self.ask(method, path, body, by)
        assert answer.is_error, answer.text
        return f"{answer.status_code} {answer.json()['code']}"

    async def token(self, username: str, *scopes: Scope) -> Mapping[str, str]:
        made = await self.platform.core.identity.create_token_of(username, "t", frozenset(scopes), timedelta(hours=1))
        return {"Authorization": f"Bearer {made.secret}"}

    async def recorded(self) -> list[tuple[str, Any]]:
        return [(event.kind, event.body["name"]) for event in await self.platform.ledger.read("accounts")]


def routes_below(app: FastAPI, prefix: str) -> list[tuple[str, str]]:
    """Method and path of each, with a word for every parameter."""
    routes = [route for route in iter_route_contexts(app.routes) if (route.path or "").startswith(prefix)]
    return [(method, re.sub(r"\{\w+\}", "1", str(route.path))) for route in routes for method in route.methods or ()]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncGenerator[Site]:
    async with application(tmp_path) as app, client(app) as http:
        admin = await signed_in(app, "boss", is_admin=True)
        yield Site(http, app, app.state.platform, admin, await signed_in(app, "alice"))


async def test_users_are_created_listed_and_found_page_by_page(site: Site) -> None:
    made = await site.done("POST", USERS, {"username": "bob", "password": "correct horse"})
    assert (made["username"], made["is_admin"], made["disabled"]) == ("bob", False, False)
    first = await site.done("GET", f"{USERS}?limit=2")
    assert [row["username"] for row in first["users"]] == ["alice", "bob"]
    rest = await site.done("GET", f"{USERS}?limit=2&cursor={first['next_cursor']}")
    assert ([row["username"] for row in rest["users"]], rest["next_cursor"]) == (["boss"], None)
    assert [row["username"] for row in (await site.done("GET", f"{USERS}?q=lic"))["users"]] == ["alice"]
    login = {"username": "bob", "password": "correct horse"}
    assert (await site.http.post("/api/v1/auth/login", json=login)).status_code == 200
    assert await site.recorded() == [("account.create", "bob")]


async def test_a_locked_user_is_out_at_once_and_in_again_when_unlocked(site: Site) -> None:
    assert (await site.ask("GET", "/api/v1/me", by=site.alice)).status_code == 200
    assert (await site.done("PATCH", f"{USERS}/alice", {"disabled": True}))["disabled"] is True
    assert await site.refused("GET", "/api/v1/me", by=site.alice) == "401 unauthenticated"
    await site.done("PATCH", f"{USERS}/alice", {"disabled": False})
    assert (await site.ask("GET", "/api/v1/me", by=site.alice)).status_code == 200


async def test_a_deleted_user_is_gone_with_every_credential(site: Site) -> None:
    token = await site.token("alice", Scope.JOBS_READ)
    await site.done("DELETE", f"{USERS}/alice")
    for headers in (site.alice, token):
        assert await site.refused("GET", "/api/v1/me", by=headers) == "401 unauthenticated"
    assert await site.refused("GET", f"{USERS}/alice") == "404 not_found"
    assert await site.refused("DELETE", f"{USERS}/alice") == "404 not_found"
    await site.done("POST", USERS, {"username": "alice"})
    assert await site.refused("GET", "/api/v1/me", by=token) == "401 unauthenticated"


async def test_roles_and_scopes_count_at_once(site: Site) -> None:
    assert await site.refused("GET", USERS, by=site.alice) == "403 forbidden"
    promoted = await site.done("PATCH", f"{USERS}/alice", {"is_admin": True})
    assert promoted["scopes"] == sorted(ADMIN_SCOPES)
    assert (await site.ask("GET", USERS, by=site.alice)).status_code == 403, "a session keeps the scopes it began with"
    await site.done("PATCH", f"{USERS}/alice", {"is_admin": False, "scopes": ["jobs:read"]})
    assert (await site.ask("GET", "/api/v1/me", by=site.alice)).json()["scopes"] == ["jobs:read"]


async def test_a_group_gives_its_members_permissions_and_scopes_until_they_leave(site: Site) -> None:
    new = {"name": "auditors", "permissions": ["gpu", "job_lens"], "scopes": ["audit:read"]}
    assert (await site.done("POST", GROUPS, new))["permissions"] == ["gpu", "job_lens"]
    for _ in range(2):
        await site.done("PUT", f"{GROUPS}/auditors/members/alice")
    assert (await site.done("GET", f"{GROUPS}/auditors"))["members"] == ["alice"]
    row = await site.done("GET", f"{USERS}/alice")
    assert (row["groups"], row["permissions"]) == (["auditors"], ["gpu", "job_lens"])
    assert "audit:read" in row["scopes"]
    asked = await site.done("GET", "/api/v2/auth/get_permission?username=alice")
    assert asked["data"]["permissions"] == ["cpu", "gpu", "job_lens"]
    auditor = await site.token("alice", Scope.AUDIT_READ)
    assert (await site.ask("GET", "/api/v1/audit/verify", by=auditor)).status_code == 200
    await site.done("PATCH", f"{GROUPS}/auditors", {"permissions": ["cpu"]})
    assert (await site.done("GET", f"{USERS}/alice"))["permissions"] == ["cpu"]
    await site.done("DELETE", f"{GROUPS}/auditors/members/alice")
    assert await site.refused("GET", "/api/v1/audit/verify", by=auditor) == "403 forbidden"
    assert await site.refused("DELETE", f"{GROUPS}/auditors/members/alice") == "404 not_found"


async def test_a_group_that_is_deleted_takes_with_it_what_it_gave(site: Site) -> None:
    await site.done("POST", GROUPS, {"name": "auditors", "scopes": ["audit:read"]})
    await site.done("PUT", f"{GROUPS}/auditors/members/alice")
    auditor = await site.token("alice", Scope.AUDIT_READ)
    await site.done("DELETE", f"{GROUPS}/auditors")
    assert await site.refused("GET", "/api/v1/audit/verify", by=auditor) == "403 forbidden"
    assert await site.done("GET", GROUPS) == []
    assert (await site.done("GET", f"{USERS}/alice"))["groups"] == []


async def test_the_last_administrator_stays_and_nobody_deletes_themselves(site: Site) -> None:
    assert await site.refused("DELETE", f"{USERS}/boss") == "409 conflict"
    for change in ({"is_admin": False}, {"disabled": True}):
        assert await site.refused("PATCH", f"{USERS}/boss", change) == "409 conflict"
    await site.done("POST", USERS, {"username": "second", "is_admin": True})
    assert (await site.done("PATCH", f"{USERS}/second", {"is_admin": False}))["is_admin"] is False


async def test_a_token_cannot_make_its_power_outlast_it(site: Site) -> None:
    await site.done("POST", GROUPS, {"name": "approvers", "scopes": ["approvals:decide"]})
    token = await site.token("boss", Scope.ADMIN)
    for method, path, body in (
        ("POST", USERS, {"username": "mallory", "is_admin": True}),
        ("POST", USERS, {"username": "mallory", "password": "correct horse"}),
        ("PATCH", f"{USERS}/alice", {"is_admin": True}),
        ("PATCH", f"{USERS}/alice", {"password": "correct horse"}),
        ("PATCH", f"{USERS}/alice", {"scopes": ["approvals:decide"]}),
        ("POST", GROUPS, {"name": "more", "scopes": ["audit:read"]}),
        ("PUT", f"{GROUPS}/approvers/members/alice", None),
    ):
        assert await site.refused(method, path, body, by=token) == "403 forbidden", (method, path, body)
    assert (await site.ask("POST", USERS, {"username": "bob"}, by=token)).status_code == 201
    assert (await site.ask("PATCH", f"{USERS}/bob", {"disabled": True}, by=token)).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (USERS, {"username": "Root"}),
        (USERS, {"username": "bob", "password": "short"}),
        (USERS, {"username": "bob", "uid": 0}),
        (GROUPS, {"name": "a b"}),
        (GROUPS, {"name": "ok", "permissions": ["two words"]}),
        (GROUPS, {"name": "ok", "permissions": [f"p{number}" for number in range(51)]}),
        (GROUPS, {"name": "ok", "scopes": ["admin"]}),
        (GROUPS, {"name": "ok", "description": "x" * 501}),
    ],
)
async def test_bad_input_is_refused_and_makes_nothing(site: Site, path: str, body: Any) -> None:
    assert await site.refused("POST", path, body) == "422 bad_input"
    assert len((await site.done("GET", USERS))["users"]) == 2
    assert await site.done("GET", GROUPS) == []


@pytest.mark.requirement("GATE-APPROVAL-14")
async def test_nobody_administers_who_is_no_approver(site: Site) -> None:
    """One administrator could ask as such an account, whose password they set, and approve that as themselves."""
    await site.done("POST", USERS, {"username": "bob", "password": "correct horse"})
    assert await site.refused("PATCH", f"{USERS}/bob", {"scopes": ["admin", "jobs:read"]}) == "422 bad_input"
    bob = User(
        username="bob", is_admin=False, disabled=False, created_at=datetime.now(UTC), own_scopes=frozenset(Scope)
    )
    assert Scope.ADMIN not in bob.scopes  # as the database of an earlier release may have it


async def test_a_taken_name_and_a_missing_one_are_told_apart(site: Site) -> None:
    await site.done("POST", GROUPS, {"name": "gpu"})
    assert await site.refused("POST", GROUPS, {"name": "gpu"}) == "409 conflict"
    assert await site.refused("POST", USERS, {"username": "alice"}) == "409 conflict"
    for method, path in (
        ("GET", f"{GROUPS}/none"),
        ("DELETE", f"{GROUPS}/none"),
        ("PUT", f"{GROUPS}/none/members/alice"),
        ("PUT", f"{GROUPS}/gpu/members/nobody"),
        ("PATCH", f"{USERS}/nobody"),
    ):
        assert await site.refused(method, path, {}) == "404 not_found", (method, path)


async def test_every_change_is_on_record_with_who_made_it_and_without_passwords(site: Site) -> None:
    await site.done("POST", USERS, {"username": "bob", "password": "correct horse"})
    await site.done("PATCH", f"{USERS}/bob", {"disabled": True, "password": "battery staple"})
    await site.done("POST", GROUPS, {"name": "gpu"})
    await site.done("PUT", f"{GROUPS}/gpu/members/bob")
    await site.done("DELETE", f"{GROUPS}/gpu/members/bob")
    await site.done("DELETE", f"{GROUPS}/gpu")
    await site.done("DELETE", f"{USERS}/bob")
    events = await site.platform.ledger.read("accounts")
    kinds = [event.kind.partition(".")[2] for event in events]
    assert kinds == ["create", "change", "create", "add_member", "remove_member", "delete", "delete"]
    assert all(event.body["by"] == "boss" for event in events)
    assert "correct horse" not in str(events) and "battery staple" not in str(events)


async def test_everybodys_tokens_are_listed_without_their_secrets_and_end_at_once(site: Site) -> None:
    for scope in (Scope.JOBS_READ, Scope.FILES_READ):
        token = await site.token("alice", scope)
    await site.token("boss", Scope.ADMIN)
    first = await site.done("GET", f"{ADMIN}/tokens?limit=2")
    rest = await site.done("GET", f"{ADMIN}/tokens?limit=2&cursor={first['next_cursor']}")
    assert [row["username"] for row in [*first["tokens"], *rest["tokens"]]] == ["alice", "alice", "boss"]
    assert rest["next_cursor"] is None
    assert "ink_" not in json.dumps([first, rest])
    (own,) = (row for row in first["tokens"] if row["scopes"] == ["files:read"])
    assert await site.refused("DELETE", f"{ADMIN}/tokens/boss/{own['id']}") == "404 not_found"
    await site.done("DELETE", f"{ADMIN}/tokens/alice/{own['id']}")
    assert await site.refused("GET", "/api/v1/me", by=token) == "401 unauthenticated"
    assert await site.recorded() == [("token.revoke", "alice")]


async def test_a_sign_in_link_is_for_one_user_once_and_for_nobody_who_decides(site: Site) -> None:
    link = await site.done("POST", f"{ADMIN}/users/alice/sign-in-link")
    assert (await site.http.get(link["url"])).status_code == 303
    assert (await site.http.get(link["url"])).status_code == 401
    token = await site.token("boss", Scope.ADMIN)
    assert await site.refused("POST", f"{ADMIN}/users/alice/sign-in-link", by=token) == "403 forbidden"
    await site.done("POST", GROUPS, {"name": "auditors", "scopes": ["audit:read"]})
    await site.done("PUT", f"{GROUPS}/auditors/members/alice")
    assert await site.refused("POST", f"{ADMIN}/users/alice/sign-in-link") == "403 forbidden"
    assert ("account.sign_in_link", "alice") in await site.recorded()


async def test_no_administrator_signs_in_as_another_one(site: Site) -> None:
    """By a password of their own choice, or by a link that is older than the other's rights."""
    link = await site.done("POST", f"{ADMIN}/users/alice/sign-in-link")
    await site.done("PATCH", f"{USERS}/alice", {"is_admin": True})
    assert await site.refused("PATCH", f"{USERS}/alice", {"password": "correct horse"}) == "403 forbidden"
    opened = await site.http.get(link["url"])
    cookie = {"Cookie": f"ink_session={opened.cookies['ink_session']}"}
    assert (await site.ask("GET", "/api/v1/me", by=cookie)).json()["username"] == "alice"
    for path in (f"{ADMIN}/tokens", USERS):
        assert await site.refused("GET", path, by=cookie) == "403 forbidden", path
    await site.done("PATCH", f"{USERS}/boss", {"password": "battery staple"})


async def test_a_user_reaches_nothing_of_what_administrators_manage(site: Site) -> None:
    known = [route for area in (USERS, GROUPS, ADMIN, "/api/v1/locks") for route in routes_below(site.app, area)]
    assert len(known) >= 18
    for method, path in known:
        assert await site.refused(method, path, by=site.alice) == "403 forbidden", path

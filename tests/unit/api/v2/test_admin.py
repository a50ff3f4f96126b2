"""`/api/v2/admin`: accounts and permissions of groups for administrators only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ink_core.identity.model import MAX_PERMISSIONS, Group
from ink_core.identity.principal import Scope
from ink_core.identity.service import IdentityService
from tests.security.application import application, client


@dataclass
class Site:
    """`http` is the administrator root's client; alice is in the group higgs."""

    http: httpx2.AsyncClient
    alice: dict[str, str]

    async def data(self, path: str, body: Any = None) -> Any:
        answer = await self.envelope(path, body)
        assert answer["status"] == "200", answer
        return answer["data"]

    async def envelope(self, path: str, body: Any = None) -> dict[str, Any]:
        url = f"/api/v2/admin/{path}"
        return (await (self.http.get(url) if body is None else self.http.post(url, json=body))).json()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with application(tmp_path) as app, client(app) as http:
        identity = app.state.core.identity
        await identity.create_user("root", is_admin=True)
        await identity.create_user("alice")
        words, now = frozenset({"gpu"}), app.state.core.clock.now()
        higgs = Group(name="higgs", description="", permissions=words, scopes=frozenset(), created_at=now)
        await identity.groups.add(higgs)
        await identity.groups.add_member("higgs", "alice")
        http.headers.update(await ink(identity, "root", Scope.ADMIN))
        yield Site(http, await ink(identity, "alice", Scope.JOBS_READ))


async def ink(identity: IdentityService, username: str, scope: Scope) -> dict[str, str]:
    issued = await identity.create_token_of(username, "test", frozenset({scope}), timedelta(hours=1))
    return {"Ink-Username": username, "Ink-Token": issued.secret}


async def test_accounts_are_listed_made_and_deleted(site: Site) -> None:
    assert await site.data("create_user", {"username": "bob", "uid": 1234}) == {"username": "bob"}
    assert [user["username"] for user in await site.data("list_users")] == ["alice", "bob", "root"]
    assert await site.data("get_user?username=bob") == {"username": "bob", "is_admin": False, "disabled": False}
    assert await site.data("delete_user", {"username": "bob"}) == {"username": "bob"}
    gone = await site.envelope("get_user?username=bob")
    assert (gone["status"], gone["code"]) == ("A06", "not_found")
    assert (await site.envelope("delete_user", {"username": "root"}))["code"] == "conflict"


async def test_permissions_come_by_groups(site: Site) -> None:
    given = {"group_name": "higgs", "permission": "job_lens"}
    assert await site.data("add_group_permission", given) == given
    assert await site.data("get_user_permissions?username=alice") == ["gpu", "job_lens"]
    assert await site.data("get_users_by_permission?permission=job_lens") == ["alice"]
    assert await site.data("list_permissions") == [{"permission": "gpu"}, {"permission": "job_lens"}]
    await site.data("delete_group_permission", {**given, "permission": "gpu"})
    assert await site.data("list_group_permissions?group=higgs") == [given]


async def test_a_group_gives_no_end_of_permissions(site: Site) -> None:
    for number in range(1, MAX_PERMISSIONS):
        await site.data("add_group_permission", {"group_name": "higgs", "permission": f"p{number}"})
    refused = await site.envelope("add_group_permission", {"group_name": "higgs", "permission": "more"})
    assert (refused["status"], refused["code"]) == ("A05", "bad_input")


@pytest.mark.parametrize("path", ["list_users", "get_user?username=root", "list_group_permissions"])
async def test_others_see_nothing_of_it(site: Site, path: str) -> None:
    refused = (await site.http.get(f"/api/v2/admin/{path}", headers=site.alice)).json()
    assert (refused["code"], refused["data"]) == ("forbidden", None)

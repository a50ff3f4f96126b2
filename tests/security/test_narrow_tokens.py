"""A token sees and ends only those approvals and grants whose calls it could have made itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2

from ink_core.identity.principal import USER_SCOPES, Principal
from manager.sessions.delegation import Delegation
from tests.security.application import application, client
from tests.security.test_attack_requests import signed_in
from tests.security.test_kill_switch import connected, new_session, platform_of, waiting

GRANT = {"minutes": 5}
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")


async def use_token(api: httpx2.AsyncClient, browser: httpx2.AsyncClient, *scopes: str) -> None:
    new = {"name": "t", "scopes": list(scopes), "lifetime_s": 600}
    made = await browser.post("/api/v1/tokens", json=new)
    api.headers["Authorization"] = f"Bearer {made.json()['token']}"


async def seen(http: httpx2.AsyncClient, what: str) -> list[dict[str, Any]]:
    return (await http.get(f"/api/v1/{what}")).json()


async def test_a_narrow_token_neither_sees_nor_withdraws_what_it_could_not_have_asked_for(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (alice,), client(app) as api:
        await connected(platform_of(app))
        await waiting(app, alice, await new_session(alice))
        (shown,) = await seen(alice, "approvals")
        route = f"/api/v1/approvals/{shown['approval_id']}"
        rejection = {"verdict": "reject", "reason": "not mine", "digest": shown["digest"]}
        await use_token(api, alice, "jobs:read")
        assert await seen(api, "approvals") == []
        refused = await api.post(route, json=rejection)
        assert (refused.status_code, refused.json()["code"]) == (404, "approval_not_found")
        await use_token(api, alice, "jobs:submit")
        assert await seen(api, "approvals") == [shown]
        assert (await api.post(route, json=rejection)).json()["state"] == "rejected"


async def test_a_narrow_token_neither_sees_nor_gives_up_a_grant_for_what_it_could_not_ask(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "admin") as (alice, admin), client(app) as api:
        await connected(platform_of(app))
        await waiting(app, alice, await new_session(alice))
        (shown,) = await seen(admin, "approvals")
        approval = {"verdict": "approve", "digest": shown["digest"], "grant": GRANT}
        decided = await admin.post(f"/api/v1/approvals/{shown['approval_id']}", json=approval)
        assert decided.status_code == 200, decided.text
        (grant,) = await seen(alice, "grants")
        route = f"/api/v1/grants/{grant['grant_id']}/revoke"
        await use_token(api, alice, "jobs:read")
        assert await seen(api, "grants") == []
        refused = await api.post(route, json={})
        assert (refused.status_code, refused.json()["code"]) == (404, "grant_not_found")
        await use_token(api, alice, "jobs:submit")
        assert await seen(api, "grants") == [grant]
        assert (await api.post(route, json={})).status_code == 204


async def test_a_narrow_token_gets_no_answer_by_the_key_of_a_request_that_it_could_not_make(tmp_path: Path) -> None:
    request = {"tool": "cluster_status", "arguments": {}}
    key = {"Idempotency-Key": "1"}
    async with application(tmp_path) as app, signed_in(app, "alice") as (alice,), client(app) as api:
        first = await alice.post("/api/v1/calls", json=request, headers=key)
        assert first.json()["status"] == "done", first.text
        await use_token(api, alice, "files:read")
        refused = await api.post("/api/v1/calls", json=request, headers=key)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        await use_token(api, alice, "jobs:read")
        assert (await api.post("/api/v1/calls", json=request, headers=key)).json() == first.json()


async def test_a_narrow_token_is_told_no_goals_and_no_words_of_a_conversation_that_it_could_not_read(
    tmp_path: Path,
) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice") as (alice,), client(app) as api:
        await connected(platform_of(app))
        session_id = await new_session(alice)
        await waiting(app, alice, session_id)
        platform = platform_of(app)
        assert (await alice.post(f"/api/v1/sessions/{session_id}/messages", json={"text": "hello"})).status_code == 202
        delegation = Delegation(call_id=f"{session_id}.1.0", profile="p", tools=frozenset(), ancestors=(session_id,))
        await platform.sessions.open(ALICE, "read what I saw", None, delegation=delegation)
        listed = ("subagents", f"subagents?session_id={session_id}")
        for what in listed:
            assert [child["goal"] for child in await seen(alice, what)] == ["read what I saw"]
        assert len(await seen(alice, f"sessions/{session_id}/turns")) == 1
        await use_token(api, alice, "agent:use")
        for what in listed:
            assert await seen(api, what) == []
        refused = await api.get(f"/api/v1/sessions/{session_id}/turns")
        assert (refused.status_code, refused.json()["code"]) == (403, "conversation_too_wide")

"""Tasks over REST: strangers find nothing, members do what their roles allow, and what is shown is said before."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import JsonValue

from audit.chains import session_chain
from audit.ledger import Record
from ink_core.identity.principal import USER_SCOPES, Principal
from ink_core.labels import LOWEST
from manager.gate.lockout import LockKind
from manager.sessions.delegation import Delegation
from manager.sessions.turns import message_record
from tests.security.application import application, client, signed_in

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
STEERS, WATCHES = {"role": "steer"}, {"role": "watch"}
Headers = dict[str, str]


async def opened(http: httpx2.AsyncClient, headers: Headers) -> str:
    made = await http.post("/api/v1/tasks", json={"title": "Higgs", "workspace": "/data/higgs"}, headers=headers)
    assert made.status_code == 201
    return made.json()["task_id"]


async def session_in(http: httpx2.AsyncClient, headers: Headers, task_id: str | None = None) -> str:
    made = await http.post("/api/v1/sessions", json={"task_id": task_id}, headers=headers)
    assert made.status_code == 201
    return made.json()["session_id"]


async def has_seen_files(app: FastAPI, session_id: str) -> None:
    """As if a tool had brought file content of its user into the conversation."""
    call_id = f"{session_id}.1.0"
    label: JsonValue = {"confidentiality": "user", "integrity": "untrusted"}
    body: dict[str, JsonValue] = {"call_id": call_id, "code": "not_found", "message": "no such file", "label": label}
    await app.state.platform.ledger.append(session_chain(session_id), Record("call.refused", body))


@pytest.mark.requirement("AGENT-TASK-01")
async def test_the_owner_adds_members_with_roles_and_sets_a_budget(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        task = (await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=STEERS, headers=alice)).json()
        assert [(each["username"], each["role"]) for each in task["members"]] == [("alice", "owner"), ("bob", "steer")]
        more = {"tokens": 1000, "money": 1.5}
        assert (await http.put(f"/api/v1/tasks/{task_id}/budget", json=more, headers=bob)).status_code == 403
        budget = (await http.put(f"/api/v1/tasks/{task_id}/budget", json=more, headers=alice)).json()["budget"]
        assert (budget["tokens"], budget["money"]) == (1000, 1.5)
        (seen,) = (await http.get("/api/v1/tasks", headers=bob)).json()
        assert (seen["role"], seen["title"], seen["workspace"]) == ("steer", "Higgs", "/data/higgs")
        nobody = await http.put(f"/api/v1/tasks/{task_id}/members/nobody9", json=STEERS, headers=alice)
        assert nobody.status_code == 404


@pytest.mark.requirement("AGENT-TASK-01")
async def test_for_a_stranger_neither_the_task_nor_anything_in_it_is_there(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, mallory = await signed_in(app, "alice"), await signed_in(app, "mallory")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        own = await session_in(http, mallory)
        task, attempts = f"/api/v1/tasks/{task_id}", list[httpx2.Response]()
        for path in (task, f"{task}/sessions", f"/api/v1/sessions/{session_id}"):
            attempts.append(await http.get(path, headers=mallory))
        for path, body in (
            (f"{task}/members/mallory", STEERS),
            (f"{task}/budget", {"tokens": 1, "money": 1}),
            (f"{task}/sessions/{own}", {}),
        ):
            attempts.append(await http.put(path, json=body, headers=mallory))
        attempts.append(await http.patch(task, json={"title": "mine"}, headers=mallory))
        attempts.append(await http.delete(task, headers=mallory))
        attempts.append(await http.delete(f"{task}/members/mallory", headers=mallory))
        attempts.append(await http.post("/api/v1/sessions", json={"task_id": task_id}, headers=mallory))
        assert [attempt.status_code for attempt in attempts] == [404] * len(attempts)
        assert (await http.get("/api/v1/tasks", headers=mallory)).json() == []


async def test_who_watches_reads_a_session_and_neither_writes_nor_opens_one(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, carol = await signed_in(app, "alice"), await signed_in(app, "carol")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        await http.put(f"/api/v1/tasks/{task_id}/members/carol", json=WATCHES, headers=alice)
        path = f"/api/v1/sessions/{session_id}"
        (seen,) = (await http.get(f"/api/v1/tasks/{task_id}/sessions", headers=carol)).json()
        assert seen == (await http.get(path, headers=carol)).json()
        assert (seen["share"], seen["shared_with"]) == ("watch", ["alice"])
        for attempt in (
            await http.post(f"{path}/messages", json={"text": "hello"}, headers=carol),
            await http.post(f"{path}/stop", headers=carol),
            await http.patch(path, json={"title": "mine"}, headers=carol),
            await http.put(f"{path}/budget", json={"tokens": None, "money": None}, headers=carol),
        ):
            assert (attempt.status_code, attempt.json()["code"]) == (403, "watch_only")
        refused = await http.post("/api/v1/sessions", json={"task_id": task_id}, headers=carol)
        assert (refused.status_code, refused.json()["code"]) == (403, "watches_task")


async def test_nobody_is_shown_anothers_files_before_that_was_said(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, _ = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        await has_seen_files(app, await session_in(http, alice, task_id))
        member = f"/api/v1/tasks/{task_id}/members/bob"
        assert (await http.get(f"/api/v1/tasks/{task_id}", headers=alice)).json()["confidentiality"] == "user"
        for unsaid in (STEERS, {**STEERS, "shows": "scratch"}):
            refused = await http.put(member, json=unsaid, headers=alice)
            assert (refused.status_code, refused.json()["code"]) == (409, "sharing_unconfirmed")
            assert "memory and 1 conversations" in refused.json()["detail"]
        assert (await http.put(member, json={**STEERS, "shows": "user"}, headers=alice)).status_code == 200


async def test_a_session_is_shared_by_who_opened_it_into_one_task_and_with_a_word_for_it(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id, other = await opened(http, alice), await opened(http, alice)
        await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=STEERS, headers=alice)
        session_id = await session_in(http, alice)
        await has_seen_files(app, session_id)
        path, seen = f"/api/v1/tasks/{task_id}/sessions/{session_id}", f"/api/v1/sessions/{session_id}"
        assert (await http.put(path, json={"shows": "user"}, headers=bob)).status_code == 404
        assert (await http.put(path, json={}, headers=alice)).json()["code"] == "sharing_unconfirmed"
        assert (await http.get(seen, headers=bob)).status_code == 404
        shared = await http.put(path, json={"shows": "user"}, headers=alice)
        assert (shared.json()["task_id"], shared.json()["shared_with"]) == (task_id, ["bob"])
        assert (await http.get(seen, headers=bob)).json()["share"] == "steer"
        again = await http.put(f"/api/v1/tasks/{other}/sessions/{session_id}", json={"shows": "user"}, headers=alice)
        assert (again.status_code, again.json()["code"]) == (409, "session_shared_before")
        theirs = await http.put(path, json={"shows": "user"}, headers=bob)
        assert (theirs.status_code, theirs.json()["code"]) == (409, "conflict")


async def test_what_was_shared_is_gone_for_a_member_who_was_removed(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        member, session = f"/api/v1/tasks/{task_id}/members/bob", f"/api/v1/sessions/{session_id}"
        await http.put(member, json=STEERS, headers=alice)
        assert (await http.get(session, headers=bob)).status_code == 200
        assert (await http.delete(member, headers=alice)).status_code == 204
        for path in (session, f"{session}/stream", f"/api/v1/tasks/{task_id}"):
            assert (await http.get(path, headers=bob)).status_code == 404
        assert (await http.post(f"{session}/messages", json={"text": "hello"}, headers=bob)).status_code == 404


async def test_a_worker_agent_in_a_shared_session_serves_its_own_user_alone(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=STEERS, headers=alice)
        platform = app.state.platform
        changed = Record("session.changed", {"worker_id": "w-of-alice", "by": "alice"})
        await platform.ledger.append(session_chain(session_id), changed)
        view = await platform.sessions.view(session_id)
        assert (view.worker_of("alice"), view.worker_of("bob")) == ("w-of-alice", None)
        foreign = await http.patch(f"/api/v1/sessions/{session_id}", json={"worker_id": "w-of-alice"}, headers=bob)
        assert foreign.status_code == 404


async def test_the_memory_is_for_members_and_told_before_somebody_joins(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        await has_seen_files(app, session_id)
        finding = {"kind": "finding", "session_id": session_id, "title": "Disk", "text": "wn7 has a slow disk"}
        assert (await http.post("/api/v1/knowledge/memories", json=finding, headers=alice)).status_code == 201
        memory, member = f"/api/v1/tasks/{task_id}/memory", f"/api/v1/tasks/{task_id}/members/bob"
        assert (await http.get(memory, headers=bob)).status_code == 404
        refused = await http.put(member, json=WATCHES, headers=alice)
        assert (refused.status_code, refused.json()["code"]) == (409, "sharing_unconfirmed")
        assert (await http.put(member, json={**WATCHES, "shows": "user"}, headers=alice)).status_code == 200
        (row,) = (await http.get(memory, headers=bob)).json()["memories"]
        assert (row["text"], row["author"], row["by_hand"], row["trusted"]) == (
            "wn7 has a slow disk",
            "alice",
            True,
            False,
        )
        forgotten = f"{memory}/{row['contribution_id']}"
        assert (await http.delete(forgotten, headers=bob)).status_code == 404
        own = {**finding, "title": "Mine", "text": "what a watcher writes"}
        assert (await http.post("/api/v1/knowledge/memories", json=own, headers=bob)).status_code == 201
        assert len((await http.get(memory, headers=alice)).json()["memories"]) == 1


async def test_the_owner_of_a_task_takes_out_of_its_memory_what_any_member_said(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=STEERS, headers=alice)
        session_id = await session_in(http, bob, task_id)
        finding = {"kind": "finding", "session_id": session_id, "title": "Disk", "text": "everything is fine"}
        told = await http.post("/api/v1/knowledge/memories", json=finding, headers=bob)
        memory, other = f"/api/v1/tasks/{task_id}/memory", f"/api/v1/tasks/{await opened(http, alice)}/memory"
        contribution_id = told.json()["contribution_id"]
        assert (await http.delete(f"{other}/{contribution_id}", headers=alice)).status_code == 404
        assert (await http.delete(f"{memory}/{contribution_id}", headers=alice)).status_code == 204
        assert (await http.get(memory, headers=bob)).json()["memories"] == []


async def test_members_see_the_sub_agents_of_all_conversations_of_their_task(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        first, second = await session_in(http, alice, task_id), await session_in(http, alice, task_id)
        owner = Principal(username="alice", is_admin=False, scopes=frozenset(), credential="session")
        for parent in (first, second):
            given = Delegation(call_id=f"{parent}.1.0", profile="p", tools=frozenset(), ancestors=(parent,))
            await app.state.platform.sessions.open(owner, "goal", None, task_id=task_id, delegation=given)
        listed = f"/api/v1/subagents?task_id={task_id}"
        assert (await http.get(listed, headers=bob)).status_code == 404
        joins = {**WATCHES, "shows": "experiment"}  # nobody said what these goals derive from
        await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=joins, headers=alice)
        for headers in (alice, bob):
            told = (await http.get(listed, headers=headers)).json()
            assert {(each["parent"], each["task_id"]) for each in told} == {(first, task_id), (second, task_id)}
        only = (await http.get(f"/api/v1/subagents?session_id={second}", headers=bob)).json()
        assert [each["parent"] for each in only] == [second]


async def test_locking_a_member_stops_what_it_has_running_in_the_sessions_of_others(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=STEERS, headers=alice)
        platform = app.state.platform
        as_bob = Principal(username="bob", is_admin=False, scopes=USER_SCOPES, credential="session:2")
        await platform.ledger.append(session_chain(session_id), message_record(as_bob, "remove everything"))
        assert (await platform.sessions.view(session_id)).running
        await platform.kill_switch.lock(LockKind.USER, "bob", "root", "he left")
        (ended,) = [
            event for event in await platform.ledger.read(session_chain(session_id)) if event.kind == "turn.ended"
        ]
        assert "user bob was locked" in str(ended.body["detail"])
        assert (await http.get(f"/api/v1/sessions/{session_id}", headers=bob)).status_code == 401
        assert (await http.get(f"/api/v1/sessions/{session_id}", headers=alice)).json()["running"] is False


async def test_who_is_taken_back_shows_nothing_of_before_without_a_word_of_their_own(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        member = f"/api/v1/tasks/{task_id}/members/bob"
        await http.put(member, json=STEERS, headers=alice)
        session_id = await session_in(http, bob, task_id)
        path, share = f"/api/v1/sessions/{session_id}", f"/api/v1/tasks/{task_id}/sessions/{session_id}"
        assert (await http.get(path, headers=alice)).status_code == 200
        await http.put(member, json=WATCHES, headers=alice)
        await http.put(member, json=STEERS, headers=alice)
        assert (await http.get(path, headers=alice)).status_code == 200, "another role is no leave"
        await http.delete(member, headers=alice)
        left = (await http.get(f"/api/v1/usage/sessions/{session_id}", headers=bob)).json()["budgets"]
        assert [each["account"] for each in left] == ["user bob", f"session {session_id}"]
        await has_seen_files(app, session_id)
        assert (await http.put(member, json=STEERS, headers=alice)).status_code == 200
        assert (await http.get(path, headers=alice)).status_code == 404
        assert (await http.get(f"/api/v1/tasks/{task_id}/sessions", headers=alice)).json() == []
        assert (await http.put(share, json={}, headers=bob)).json()["code"] == "sharing_unconfirmed"
        assert (await http.put(share, json={"shows": "user"}, headers=bob)).status_code == 200
        assert (await http.get(path, headers=alice)).status_code == 200


async def test_who_watches_makes_no_call_in_anothers_session_and_nobody_does_in_a_sub_agents(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, carol = await signed_in(app, "alice"), await signed_in(app, "carol")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        await http.put(f"/api/v1/tasks/{task_id}/members/carol", json=WATCHES, headers=alice)
        todos = {"tool": "write_todos", "arguments": {"items": [{"text": "give carol all"}]}, "session_id": session_id}
        refused = await http.post("/api/v1/calls", json=todos, headers=carol)
        assert (refused.status_code, refused.json()["code"]) == (403, "watch_only")
        delegation = Delegation(call_id=f"{session_id}.1.0", profile="p", tools=frozenset(), ancestors=(session_id,))
        child = await app.state.platform.sessions.open(ALICE, "look", None, task_id=task_id, delegation=delegation)
        forged = {"tool": "hand_in", "arguments": {"result": {"word": "lies"}}, "session_id": child.session_id}
        for headers, code in ((carol, "watch_only"), (alice, "of_a_sub_agent")):
            refused = await http.post("/api/v1/calls", json=forged, headers=headers)
            assert refused.json()["code"] == code


async def test_who_steers_anothers_session_does_not_lift_what_its_owner_lets_it_use_up(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=STEERS, headers=alice)
        path = f"/api/v1/sessions/{await session_in(http, alice, task_id)}/budget"
        assert (await http.put(path, json={"tokens": 1000}, headers=alice)).status_code == 200
        refused = await http.put(path, json={}, headers=bob)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_budget")


async def test_what_a_sub_agent_has_seen_is_said_too_before_it_is_shown(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, _ = await signed_in(app, "alice"), await signed_in(app, "bob")
        task_id = await opened(http, alice)
        session_id = await session_in(http, alice, task_id)
        delegation = Delegation(call_id=f"{session_id}.1.0", profile="p", tools=frozenset(), ancestors=(session_id,))
        delegation = delegation.model_copy(update={"label": LOWEST})
        child = await app.state.platform.sessions.open(ALICE, "look", None, task_id=task_id, delegation=delegation)
        await has_seen_files(app, child.session_id)
        assert (await http.get(f"/api/v1/tasks/{task_id}", headers=alice)).json()["confidentiality"] == "user"
        refused = await http.put(f"/api/v1/tasks/{task_id}/members/bob", json=WATCHES, headers=alice)
        assert (refused.status_code, refused.json()["code"]) == (409, "sharing_unconfirmed")
        assert "memory and 1 conversations" in refused.json()["detail"]

"""The kill switch: what is locked starts nothing more, and what is live of it ends within a second."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from audit.chains import session_chain
from ink_core.agents import AccessPoint
from ink_core.errors import Forbidden
from ink_core.identity.principal import Principal
from manager.api.platform import Platform
from manager.gate.admission import Proposal
from manager.gate.call import CallState, CallStatus
from manager.gate.lockout import CHAIN as LOCKS
from manager.gate.lockout import LockKind, set_record
from manager.gate.policy import Origin
from manager.workers.connection import WorkerConnection
from manager.workers.life import WorkerLife, digest, launched
from tests.security.application import application, client
from tests.security.test_attack_requests import frames, signed_in
from tests.security.test_attack_workers import WORKER, Peer, hello
from worker_agent.protocol import Frame, Place, Refused

pytestmark = pytest.mark.requirement("GATE-APPROVAL-12")
PATIENCE_S = 60
AT_ONCE_S = 1.0
"""What the design promises; the machine of a test may be busy, so that the wait itself is longer."""


def platform_of(app: FastAPI) -> Platform:
    return app.state.platform


class Home(Peer):
    """An access-point agent that finds no file wherever it is asked to look."""

    async def send(self, frame: Frame) -> None:
        assert isinstance(frame, str)
        request = json.loads(frame)
        if request.get("method") == "files.digest":
            found = {"path": request["params"]["arguments"]["path"], "sha256": None, "size": 0, "entries": 0}
            self.incoming.put_nowait(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": found}))


async def connected(platform: Platform) -> Peer:
    """A worker agent of alice that is connected, and her access-point agent."""
    worker = Peer()
    await _greeted(platform, worker, WORKER, Place.EXECUTE)
    home = await _greeted(platform, Home(), "w-aaaaaaaaaaaaaaaa", Place.ACCESS_POINT)
    serving.add(asyncio.create_task(home.serve()))
    return worker


serving: set[asyncio.Task[None]] = set()


async def _greeted(platform: Platform, peer: Peer, worker_id: str, place: Place) -> WorkerConnection:
    life = WorkerLife(
        worker_id=worker_id,
        user="alice",
        place=place,
        cluster="local" if place is Place.EXECUTE else None,
        workspace="/tmp",
        operation_id=f"op-{worker_id}",
        launch_sha256=digest("token"),
        expected_uid=None,
    )
    await platform.registry.record(worker_id, launched(life))
    greeting = hello("token").model_copy(update={"worker_id": worker_id, "place": place})
    connection = await platform.registry.accept(greeting, peer)
    assert not isinstance(connection, Refused)
    return connection


async def principal_of(app: FastAPI, http: httpx2.AsyncClient) -> Principal:
    identity = platform_of(app).core.identity
    me = (await http.get("/api/v1/me")).json()
    user = await identity.user(me["username"])
    scopes = user.scopes
    return Principal(username=user.username, is_admin=user.is_admin, scopes=scopes, credential="session:test")


async def waiting(app: FastAPI, http: httpx2.AsyncClient, session_id: str) -> CallState:
    """A call of the model in this session that waits for approval: more jobs at once than one may submit."""
    owner = await principal_of(app, http)
    arguments: dict[str, Any] = {"script": "/bin/true", "count": 600}
    state = await platform_of(app).gate.propose(
        Proposal(f"c-{session_id}", "submit_job", arguments, owner, Origin.MODEL, session_chain(session_id), WORKER)
    )
    assert state.status is CallStatus.WAITING_APPROVAL, state.error
    return state


async def new_session(http: httpx2.AsyncClient) -> str:
    return (await http.post("/api/v1/sessions", json={"title": "work"})).json()["session_id"]


async def streaming(app: FastAPI, http: httpx2.AsyncClient, session_id: str) -> asyncio.Task[list[str]]:
    """A reader of this session whose stream is open: it gets what happens after what was there had been read."""
    sent, owner, chain = bytearray(), await principal_of(app, http), session_chain(session_id)
    reading = asyncio.create_task(frames(app, http, f"/api/v1/sessions/{session_id}/stream", 1000, sent))
    late = Proposal(f"late-{session_id}", "list_jobs", {}, owner, Origin.MODEL, chain)
    async with asyncio.timeout(PATIENCE_S):
        while not sent:
            await asyncio.sleep(0)
        await platform_of(app).gate.refuse(late, "bad_input", "only to be seen")
        while late.call_id.encode() not in sent:
            await asyncio.sleep(0)
    return reading


async def lock(admin: httpx2.AsyncClient, kind: str, name: str) -> None:
    answer = await admin.post("/api/v1/locks", json={"kind": kind, "name": name, "reason": "runs wild"})
    assert answer.status_code == 201, answer.text


async def test_a_locked_user_is_out_at_once_everywhere_and_may_come_back_when_it_is_lifted(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "admin") as (alice, admin), client(app) as api:
        new = {"name": "t", "scopes": ["jobs:read", "agent:use"], "lifetime_s": 600}
        api.headers["Authorization"] = f"Bearer {(await alice.post('/api/v1/tokens', json=new)).json()['token']}"
        code = (await platform_of(app).core.identity.create_sign_in_code("alice")).secret
        session_id, peer = await new_session(alice), await connected(platform_of(app))
        state = await waiting(app, alice, session_id)
        reading = await streaming(app, alice, session_id)
        began = time.monotonic()
        await lock(admin, "user", "alice")
        await reading
        assert time.monotonic() - began < AT_ONCE_S + 30
        for http in (alice, api):
            refused = await http.get("/api/v1/sessions")
            assert (refused.status_code, refused.json()["code"]) == (401, "account_locked")
        assert (await api.post("/mcp", json={})).status_code == 401
        assert (await client(app).get("/sign-in", params={"code": code})).status_code == 401
        assert peer.closed_with == 4000
        ended = platform_of(app).gate.book.get(state.call_id)
        assert (ended.status, ended.error and ended.error.code) == (CallStatus.REFUSED, "locked")
        assert (await admin.get("/api/v1/approvals")).json() == []
        lift = await admin.post("/api/v1/locks/user/alice/lift", json={"reason": "it was a mistake"})
        assert lift.status_code == 204
        assert (await alice.get("/api/v1/sessions")).status_code == 200


async def test_what_a_locked_user_left_under_way_starts_nothing(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "admin") as (alice, admin):
        owner = await principal_of(app, alice)
        await lock(admin, "user", "alice")
        gate = platform_of(app).gate
        state = await gate.propose(Proposal("c-late", "list_jobs", {}, owner, Origin.MODEL, "session:s1"))
        assert (state.status, state.error and state.error.code) == (CallStatus.REFUSED, "locked")
        with pytest.raises(Forbidden, match="locked by admin: runs wild"):
            await platform_of(app).core.agents.call(
                AccessPoint("alice"), "files.list", {}, operation_id="x", deadline_s=1
            )


async def test_a_locked_agent_is_cut_off_and_nothing_is_sent_to_it_any_more(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "admin") as (alice, admin):
        peer, session_id = await connected(platform_of(app)), await new_session(alice)
        state = await waiting(app, alice, session_id)
        await lock(admin, "agent", WORKER)
        assert peer.closed_with == 4000
        assert platform_of(app).gate.book.get(state.call_id).status is CallStatus.REFUSED
        assert isinstance(await platform_of(app).registry.accept(hello("token"), Peer()), Refused)
        call = {"tool": "list_terminals", "worker_id": WORKER}
        refused = (await alice.post("/api/v1/calls", json=call)).json()
        assert (refused["status"], refused["error"]["code"]) == ("refused", "locked")
        assert (await alice.get("/api/v1/sessions")).status_code == 200


async def test_a_locked_session_stands_still_and_the_others_go_on(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "admin") as (alice, admin):
        locked, other = await new_session(alice), await new_session(alice)
        await connected(platform_of(app))
        state = await waiting(app, alice, locked)
        reading = await streaming(app, alice, locked)
        await lock(admin, "session", locked)
        await reading
        assert platform_of(app).gate.book.get(state.call_id).status is CallStatus.REFUSED
        refused = await alice.post(f"/api/v1/sessions/{locked}/messages", json={"text": "go on"})
        assert (refused.status_code, refused.json()["code"]) == (403, "locked")
        call = {"tool": "list_agents", "session_id": locked}
        assert (await alice.post("/api/v1/calls", json=call)).json()["error"]["code"] == "locked"
        posted = await alice.post(f"/api/v1/sessions/{other}/messages", json={"text": "hello"})
        assert posted.status_code == 202


async def test_a_lock_is_recorded_with_who_and_why_and_outlives_a_restart(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "admin") as (_, admin):
        await lock(admin, "user", "alice")
        (event,) = await platform_of(app).ledger.read("locks")
        assert dict(event.body) == {"kind": "user", "name": "alice", "by": "admin", "reason": "runs wild"}
    async with application(tmp_path) as app, client(app) as alice:
        await platform_of(app).kill_switch.recover()
        assert [one.name for one in platform_of(app).kill_switch.locks()] == ["alice"]
        code = (await platform_of(app).core.identity.create_sign_in_code("alice")).secret
        assert (await alice.get("/sign-in", params={"code": code})).status_code == 401


async def test_only_an_administrator_locks_and_nobody_locks_themselves_or_nothing(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "admin") as (alice, admin):
        new = {"kind": "user", "name": "admin", "reason": "because"}
        assert (await alice.post("/api/v1/locks", json=new)).status_code == 403
        assert (await alice.get("/api/v1/locks")).status_code == 403
        assert (await admin.post("/api/v1/locks", json=new)).status_code == 422
        assert (await admin.post("/api/v1/locks", json={**new, "name": "nobody"})).status_code == 404
        assert (await admin.post("/api/v1/locks", json={**new, "kind": "agent"})).status_code == 404
        assert (await admin.post("/api/v1/locks", json={**new, "kind": "session"})).status_code == 404
        assert (await admin.post("/api/v1/locks", json={**new, "name": "alice", "reason": ""})).status_code == 422
        assert (await admin.post("/api/v1/locks/user/alice/lift", json={"reason": "x"})).status_code == 404
        assert (await admin.get("/api/v1/locks")).json() == []


async def test_a_lock_that_another_manager_has_recorded_counts_from_the_next_intent_on(tmp_path: Path) -> None:
    async with application(tmp_path) as app, signed_in(app, "alice", "admin") as (alice, admin):
        platform, owner = platform_of(app), await principal_of(app, alice)
        await platform.ledger.append(LOCKS, set_record(LockKind.USER, "alice", "elsewhere", "runs wild"))
        state = await platform.gate.propose(Proposal("c-1", "list_jobs", {}, owner, Origin.REST, "portal:alice"))
        assert state.error is not None
        assert state.error.code == "locked"
        await platform.ledger.append(LOCKS, set_record(LockKind.USER, "bob", "elsewhere", "runs wild"))
        session_id = await new_session(admin)
        await lock(admin, "session", session_id)
        assert {each.name for each in platform.kill_switch.locks()} == {"alice", "bob", session_id}

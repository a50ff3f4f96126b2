"""Incidents over HTTP: who sees what of them, and that what is done about one goes through the gate."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import JsonValue

from ink_core.identity.principal import USER_SCOPES, Principal
from knowledge_graph.incidents.incident import Change, What
from knowledge_graph.incidents.signs import AffectedJob, IncidentKind, Sign
from manager.gate.policy import Origin
from manager.incidents.records import CHAIN, record_of
from tests.security.application import application
from tests.security.test_attack_requests import signed_in
from tests.security.test_kill_switch import platform_of

AT = datetime(2026, 1, 1, tzinfo=UTC)
HELD = Sign(
    IncidentKind.JOBS_HELD,
    "cluster:local",
    "local",
    "2 jobs are held with one reason",
    "2 jobs of 2 users are held with the same reason: no space left",
    evidence=("job:local/1.state@queue@local", "job:local/2.state@queue@local", "cluster:local.health@mirror@local"),
    jobs=(AffectedJob("job:local/1", "alice"), AffectedJob("job:local/2", "bob")),
    owners=frozenset({"alice", "bob"}),
    topic="no space left",
)
INCIDENT = "/api/v1/incidents/inc-1"


@asynccontextmanager
async def site(data: Path, *usernames: str) -> AsyncGenerator[tuple[FastAPI, list[httpx2.AsyncClient]]]:
    """With one incident in the ledger, as after a restart."""
    async with application(data) as app, signed_in(app, *usernames) as browsers:
        platform = platform_of(app)
        await platform.knowledge.recover()
        await platform.ledger.append(CHAIN, record_of(Change(What.OPENED, "inc-1", AT, HELD)))
        await platform.watch.desk.recover()
        yield app, browsers


async def test_a_user_is_told_of_own_jobs_alone_and_a_stranger_of_nothing(tmp_path: Path) -> None:
    async with site(tmp_path, "alice", "carol", "admin") as (_, (alice, carol, admin)):
        everything = (await admin.get(f"{INCIDENT}/diagnosis")).json()
        assert everything["incident"]["owners"] == ["alice", "bob"]
        assert len(everything["incident"]["evidence"]) == 3
        for path in (INCIDENT, f"{INCIDENT}/diagnosis"):
            own = await alice.get(path)
            assert own.status_code == 200
            assert "bob" not in own.text and "local/2" not in own.text and "job:local/1" in own.text
            refused = await carol.get(path)
            assert (refused.status_code, refused.json()["code"]) == (404, "incident_not_found")
        assert (await carol.get("/api/v1/incidents")).json() == {"incidents": [], "total": 0}
        assert (await carol.get("/api/v1/site/health")).json()["incidents"] == []
        (row,) = (await alice.get("/api/v1/incidents", params={"state": "open"})).json()["incidents"]
        assert row["job_count"] == 1


async def test_a_proposed_action_is_the_callers_own_call_through_the_gate(tmp_path: Path) -> None:
    async with site(tmp_path, "alice", "carol", "admin") as (app, (alice, carol, admin)):
        proposals = (await alice.get(f"{INCIDENT}/diagnosis")).json()["proposals"]
        (proposal,) = [one for one in proposals if one["tool"] == "release_jobs"]
        assert proposal["arguments"] == {"cluster": "local", "job_ids": ["1"]}
        assert await platform_of(app).ledger.read("portal:alice") == (), "nothing is done by itself"
        called = await alice.post(f"{INCIDENT}/act", json={"proposal": proposal["name"]})
        assert (called.status_code, called.json()["tool"]) == (200, "release_jobs")
        events = await platform_of(app).ledger.read("portal:alice")
        assert called.json()["call_id"] in str([event.body for event in events])
        steps = (await admin.get(INCIDENT)).json()["course"]
        assert (steps[-1]["what"], steps[-1]["by"], steps[-1]["call_id"]) == (
            "acted",
            "alice",
            called.json()["call_id"],
        )
        gone = await alice.post(f"{INCIDENT}/act", json={"proposal": "drain-node"})
        assert (gone.status_code, gone.json()["code"]) == (409, "proposal_gone")
        strange = await carol.post(f"{INCIDENT}/act", json={"proposal": proposal["name"]})
        assert (strange.status_code, strange.json()["code"]) == (404, "incident_not_found")


async def test_only_administrators_close_an_incident_once_and_by_the_gate(tmp_path: Path) -> None:
    async with site(tmp_path, "alice", "admin") as (app, (alice, admin)):
        what_it_was = {"cause": "the disk was full", "helped": "a clean-up", "causes": ["filesystem:/scratch"]}
        refused = await alice.post(f"{INCIDENT}/close", json=what_it_was)
        assert refused.status_code == 403
        by_tool = await alice.post("/api/v1/calls", json={"tool": "close_incident", "arguments": {
            "incident_id": "inc-1", "cause": "mine"}})  # fmt: skip
        assert by_tool.json().get("code") == "scope_missing" or by_tool.json()["status"] == "refused"
        nonsense = await admin.post(f"{INCIDENT}/close", json={**what_it_was, "causes": ["the disk"]})
        assert (nonsense.status_code, nonsense.json()["code"]) == (422, "bad_input")
        closed = await admin.post(f"{INCIDENT}/close", json=what_it_was)
        assert (closed.status_code, closed.json()["state"]) == (200, "closed")
        assert closed.json()["cause"] == what_it_was["cause"]
        tools = [event.body.get("tool") for event in await platform_of(app).ledger.read("portal:admin")]
        assert "close_incident" in tools
        again = await admin.post(f"{INCIDENT}/close", json=what_it_was)
        assert (again.status_code, again.json()["code"]) == (409, "incident_over")
        own = await alice.get(INCIDENT)
        assert (own.json()["cause"], own.json()["closed_by"]) == ("the disk was full", None)


async def test_the_site_is_told_in_one_call_and_an_unknown_cluster_is_named(tmp_path: Path) -> None:
    async with site(tmp_path, "alice") as (_, (alice,)):
        health = (await alice.get("/api/v1/site/health")).json()
        assert [cluster["cluster"] for cluster in health["clusters"]] == ["local"]
        assert [one["incident_id"] for one in health["incidents"]] == ["inc-1"]
        missing = await alice.get("/api/v1/site/clusters/moon/nodes")
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
        assert (await alice.get("/api/v1/site/clusters/local/nodes")).json()["nodes"] == []


@pytest.mark.requirement("WEB-CLUSTER-01")
async def test_what_agents_changed_on_a_cluster_is_told_with_what_became_of_it(tmp_path: Path) -> None:
    async with site(tmp_path, "alice", "carol", "admin") as (app, (alice, carol, admin)):
        platform, path = platform_of(app), "/api/v1/site/clusters/local/changes"
        asker = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
        wanted: dict[str, JsonValue] = {"cluster": "local", "job_ids": ["1"], "reason": "full disk"}
        called = await platform.door.call(
            asker, "hold_jobs", wanted, origin=Origin.MODEL, chain="session:s-1", wait_s=30
        )
        await platform.door.call(
            asker, "list_jobs", {"cluster": "local"}, origin=Origin.MODEL, chain="session:s-1", wait_s=30
        )
        proposals = (await alice.get(f"{INCIDENT}/diagnosis")).json()["proposals"]
        (release,) = [one["name"] for one in proposals if one["tool"] == "release_jobs"]
        await alice.post(f"{INCIDENT}/act", json={"proposal": release})
        for reader, everybody in ((alice, False), (admin, True)):
            told = (await reader.get(path)).json()
            (change,) = told["changes"]
            assert (told["everybody"], told["whole"], change["call_id"]) == (everybody, True, called.call_id)
            assert (change["session_id"], change["tool"], change["origin"]) == ("s-1", "hold_jobs", "model")
            assert (change["user"], change["jobs"], change["outcome"]) == ("alice", ["1"], called.status)
        by_hand = (await alice.get(path, params={"by_hand": True})).json()["changes"]
        assert [one["tool"] for one in by_hand] == ["release_jobs", "hold_jobs"]
        assert (await carol.get(path)).json()["changes"] == [], "others' calls are told to who reads the audit"
        unknown = await admin.get("/api/v1/site/clusters/elsewhere/changes")
        assert unknown.status_code == 404
        looks = [event.body["what"] for event in await platform.ledger.read("audit")]
        assert looks == ["changes of a cluster"]


async def test_a_call_of_a_tool_that_there_is_not_is_no_change_and_hides_none(tmp_path: Path) -> None:
    async with site(tmp_path, "admin") as (app, (admin,)):
        asker = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
        for tool in ("hold_jobs", "mend_everything"):
            wanted: dict[str, JsonValue] = {"cluster": "local", "job_ids": ["1"]}
            await platform_of(app).door.call(asker, tool, wanted, origin=Origin.MODEL, chain="session:s-1", wait_s=30)
        told = await admin.get("/api/v1/site/clusters/local/changes")
        assert [change["tool"] for change in told.json()["changes"]] == ["hold_jobs"]

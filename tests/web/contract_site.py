"""The contract server's site: how it stands, its nodes and its incidents, as a test puts them into the world."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request

from tests.web.contract_world import Json, Problem, World, now, stamp

SITE = "/api/v1/site"
INCIDENTS = "/api/v1/incidents"
UserOf = Callable[[World, Request], str]


def node_tile(name: str, condition: str = "works", **changes: object) -> Json:
    state = {"works": "mixed", "maintenance": "drained", "down": "down*"}[condition]
    tile = {"node": name, "condition": condition, "state": state, "reason": None, "cpus": 64, "cpus_used": 32}
    return {**tile, "memory_mb": 256_000, "jobs": 16, "incidents": [], "partitions": [], **changes}


def incident(name: str, title: str, **changes: object) -> Json:
    """An open one about node-007 with its course, its evidence and one proposal."""
    at = stamp(now())
    row = {
        "incident_id": name,
        "kind": "node_down",
        "state": "open",
        "title": title,
        "subject": "node:node-007",
        "cluster": "dev",
        "severe": True,
        "flapping": False,
        "text": "node-007 does not answer its scheduler any more; 3 jobs ran there.",
        "opened_at": at,
        "changed_at": at,
        "resolved_at": None,
        "job_count": 3,
        "merged_into": None,
        "users": 1,
        "owners": ["alice"],
        "jobs": ["dev/172.0"],
        "evidence": ["node:node-007.state@nodes@dev"],
        "course": [{"what": "opened", "at": at, "text": "opened", "by": None, "call_id": None}],
        "merged": [],
        "closed_at": None,
        "closed_by": None,
        "cause": None,
        "helped": None,
        "causes": [],
        "like": [],
    }
    return {**row, **changes}


def change(call_id: str, **changes: object) -> Json:
    """A call of an agent, approved and done."""
    about = {"call_id": call_id, "time": stamp(now()), "session_id": "s-1", "tool": "hold_jobs", "risk": "write"}
    asked = {"origin": "model", "user": "alice", "rule": "others-property", "targets": 5, "jobs": ["172.0", "173.0"]}
    became = {"verdict": "approved", "decided_by": "admin", "outcome": "done", "detail": ""}
    return {**about, **asked, **became, **changes}


def site_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    @app.get(SITE + "/health")
    async def health(request: Request) -> Json:
        user_of(world, request)
        return _health(world)

    @app.get(SITE + "/clusters/{cluster}/nodes")
    async def nodes(request: Request, cluster: str) -> Json:
        user_of(world, request)
        return {
            "cluster": cluster,
            "observed_at": stamp(now()),
            "nodes": world.nodes,
            "total": len(world.nodes),
            "next_cursor": None,
        }

    @app.get(SITE + "/clusters/{cluster}/changes")
    async def changes(request: Request, cluster: str, by_hand: bool = False) -> Json:
        everybody = user_of(world, request) == "admin"
        shown = [one for one in world.changes if by_hand or one["origin"] in ("model", "mcp", "harness")]
        return {"changes": shown, "whole": True, "everybody": everybody}

    @app.get(INCIDENTS)
    async def incidents(request: Request) -> Json:
        user_of(world, request)
        return {"incidents": list(world.incidents.values()), "total": len(world.incidents)}

    @app.get(INCIDENTS + "/{name}/diagnosis")
    async def diagnosis(request: Request, name: str) -> Json:
        user_of(world, request)
        fact = {"id": "node:node-007.state@nodes@dev", "text": "node-007: state down*", "source": "nodes@dev"}
        proposal = {"name": "hold", "tool": "hold_jobs", "arguments": {"job_ids": ["172.0"]}, "why": "Hold its jobs."}
        open_ones = [proposal] if _known(world, name)["state"] == "open" else []
        facts = [{**fact, "age_s": 12.0, "why": "named"}]
        return {"incident": _known(world, name), "context": "", "facts": facts, "proposals": open_ones}

    @app.post(INCIDENTS + "/{name}/act")
    async def act(request: Request, name: str, body: Json) -> Json:
        user = user_of(world, request)
        step = {
            "what": "acted",
            "at": stamp(now()),
            "text": f"asked for {body['proposal']}",
            "by": user,
            "call_id": "c1",
        }
        _known(world, name)["course"].append({**step, "text": f"asked for {body['proposal']}"})
        return {"call_id": "c1", "tool": "hold_jobs", "status": "waiting_approval"}

    @app.post(INCIDENTS + "/{name}/close")
    async def close(request: Request, name: str, body: Json) -> Json:
        user, found = user_of(world, request), _known(world, name)
        if user != "admin":
            raise Problem(403, "scope_missing", "this needs the scope admin")
        found.update(state="closed", closed_by=user, closed_at=stamp(now()), **body)
        return found


def _known(world: World, name: str) -> Json:
    if name not in world.incidents:
        raise Problem(404, "incident_not_found", f"there is no incident {name!r}")
    return world.incidents[name]


def _health(world: World) -> Json:
    conditions = [str(tile["condition"]) for tile in world.nodes]
    cluster = {
        "cluster": "dev",
        "scheduler": "htcondor",
        "observed_at": stamp(now()),
        "age_s": 4.0,
        "problem": None,
        "nodes": {name: conditions.count(name) for name in ("works", "maintenance", "down")},
        "cpus": sum(tile["cpus"] for tile in world.nodes),
        "cpus_used": sum(tile["cpus_used"] for tile in world.nodes),
        "load": 0.5,
        "jobs": {"RUNNING": 12, "QUEUEING": 3},
        "schedds": [{"schedd": "schedd01", "problem": None}],
        "troubled": [],
        "unseen": None,
        "open_incidents": sum(one["state"] == "open" for one in world.incidents.values()),
    }
    files = {"file_system": "/scratch", "used": 0.97, "problem": "nearly full", "observed_at": stamp(now())}
    lens = {"enabled": True, "hosts": 2, "heard_at": stamp(now())}
    status = "degraded" if cluster["open_incidents"] else "ok"
    return {
        "observed_at": stamp(now()),
        "status": status,
        "clusters": [cluster],
        "file_systems": [files],
        "joblens": lens,
        "incidents": [],
    }

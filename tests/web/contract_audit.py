"""The audit of the contract server: the events of the world's conversations, and those that a test puts beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response

from tests.web.contract_world import Json, Problem, World

API = "/api/v1/audit"
PEOPLE = ("by", "principal", "owner", "user", "acting_as", "requester")
UserOf = Callable[[World, Request], str]


def audit_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    def auditor(request: Request) -> None:
        user = user_of(world, request)
        if "audit:read" not in world.me(user)["scopes"]:
            raise Problem(403, "forbidden", "This takes the scope audit:read.")
        world.looks.append(f"{request.url.path}?{request.url.query}")

    @app.get(f"{API}/events")
    async def events(request: Request, cursor: int = 0, limit: int = 100) -> Json:
        auditor(request)
        found = [event for event in _all(world) if _matches(event, request.query_params)]
        return {"events": found[cursor : cursor + limit], "next_cursor": _next(found, cursor, limit)}

    @app.get(f"{API}/attempts")
    async def attempts(request: Request, cursor: int = 0, limit: int = 50) -> Json:
        auditor(request)
        proposed = [event for event in _all(world) if event["kind"] == "call.proposed"]
        found = [_attempt(world, event) for event in proposed if _matches(event, request.query_params)]
        return {"attempts": found[cursor : cursor + limit], "next_cursor": _next(found, cursor, limit)}

    @app.get(API + "/calls/{call_id}")
    async def one_call(request: Request, call_id: str) -> Json:
        auditor(request)
        found = [event for event in reversed(_all(world)) if event["call_id"] == call_id]
        if not found:
            raise Problem(404, "call_not_found", f"There is no call {call_id} on record.")
        return {"attempt": _attempt(world, found[0]), "erased": False, "events": found}

    @app.get(f"{API}/sessions")
    async def sessions(request: Request, owner: str = "", cursor: int = 0, limit: int = 50) -> Json:
        auditor(request)
        found = [_recorded(one) for one in reversed(world.sessions.values()) if owner in ("", one.owner)]
        return {"sessions": found[cursor : cursor + limit], "next_cursor": _next(found, cursor, limit)}

    @app.get(API + "/sessions/{session_id}/events")
    async def session_events(request: Request, session_id: str, after: int = 0, limit: int = 200) -> Json:
        auditor(request)
        if session_id not in world.sessions:
            raise Problem(404, "session_not_found", f"There is no session {session_id} on record.")
        chain = [_view(f"session:{session_id}", event) for event in world.sessions[session_id].events]
        page = chain[after : after + limit]
        return {"session_id": session_id, "events": page, "next_after": None if len(page) < limit else page[-1]["seq"]}

    @app.get(f"{API}/terminals")
    async def terminals(request: Request, user: str = "") -> Json:
        auditor(request)
        found = [_terminal(identifier) for identifier in world.recordings] if user in ("", "alice") else []
        return {"recordings": found, "next_cursor": None}

    @app.get(API + "/terminals/{recording_id}")
    async def one_terminal(request: Request, recording_id: str) -> Response:
        auditor(request)
        if recording_id not in world.recordings:
            raise Problem(410, "recording_gone", f"the recording {recording_id} is removed")
        return Response(world.recordings[recording_id], media_type="application/x-asciicast")

    @app.get(f"{API}/verify")
    async def verify(request: Request) -> Json:
        auditor(request)
        events = _all(world)
        ended = [_attempt(world, event)["outcome"] for event in events if event["kind"] == "call.proposed"]
        return {
            "ok": not world.damage,
            "whole": not world.missing,
            "missing": world.missing,
            "chains": len({event["chain"] for event in events}),
            "events": len(events),
            "erased": 0,
            "checkpoints": 3,
            "sealed": len(events) // 2,
            "sealed_until": events[-1]["time"] if events else None,
            "witnesses": ["ink-harness/worker/w-000000000007"],
            "unchecked": [],
            "attempts": len(ended),
            "outcomes": {outcome: ended.count(outcome) for outcome in set(ended)},
            "problems": world.damage,
        }


def _all(world: World) -> list[Json]:
    """Newest first."""
    told = [_view(f"session:{one.session_id}", event) for one in world.sessions.values() for event in one.events]
    beside = [_view("portal:bob", {"seq": seq, **event}) for seq, event in enumerate(world.recorded, 1)]
    return sorted([*told, *beside], key=lambda event: event["time"], reverse=True)


def _view(chain: str, event: Json) -> Json:
    body = {name: value for name, value in event.items() if name not in ("seq", "kind", "time")}
    actor = next((body[name] for name in PEOPLE if isinstance(body.get(name), str)), None)
    about = {"chain": chain, "seq": event["seq"], "kind": event["kind"], "time": event["time"], "actor": actor}
    named = {"tool": body.get("tool"), "call_id": body.get("call_id")}
    return {**about, **named, "body": body, "erased": False, "hash": hashlib.sha256(str(event).encode()).hexdigest()}


def _matches(event: Json, query: Any) -> bool:
    return (
        query.get("kind", "") in ("", event["kind"])
        and query.get("tool", "") in ("", event["tool"])
        and query.get("actor", "") in ("", *(event["body"].get(name) for name in PEOPLE))
        and query.get("q", "").casefold() in str(event["body"]).casefold()
        and query.get("since", "") <= event["time"]
        and (not query.get("until") or event["time"] < query["until"])
    )


def _attempt(world: World, proposed: Json) -> Json:
    events = [event for event in reversed(_all(world)) if event["call_id"] == proposed["call_id"]]
    body = proposed["body"]
    attempt = {"call_id": proposed["call_id"], "chain": proposed["chain"], "tool": body["tool"]}
    attempt |= {"user": body["principal"], "time": proposed["time"], "verdict": "", "decided_by": ""}
    attempt |= {"outcome": "open", "detail": "", "jobs": body["arguments"].get("job_ids", [])}
    for event in events:
        if event["kind"] == "approval.decided":
            attempt |= {"verdict": event["body"]["verdict"], "decided_by": event["body"]["by"]}
        if event["kind"] == "call.refused":
            attempt |= {"outcome": "refused", "detail": event["body"]["code"]}
        if event["kind"] == "call.outcome":
            attempt |= {"outcome": event["body"]["status"]}
    return attempt


def _recorded(session: Any) -> Json:
    value = session.value()
    times = {"first": session.events[0]["time"], "last": session.events[-1]["time"]}
    kept = {name: value[name] for name in ("session_id", "owner", "title", "model", "running")}
    return {**kept, **times, "events": len(session.events), "turns": session.turns}


def _terminal(recording_id: str) -> Json:
    worker = {"recording_id": recording_id, "user": "alice", "worker_id": "w-000000000007", "terminal_id": "t-1"}
    times = {"begun": "2026-01-01T00:00:00Z", "ended": "2026-01-01T00:01:00Z", "end": "closed"}
    return {**worker, **times, "bytes": 64, "sha256": "0" * 64, "state": "kept"}


def _next(found: list[Json], cursor: int, limit: int) -> str | None:
    return str(cursor + limit) if cursor + limit < len(found) else None

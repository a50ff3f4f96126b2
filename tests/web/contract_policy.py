"""The contract server's policy: the real language, over calls that a test puts into the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from fastapi import FastAPI, Request

from manager.gate.policy_file import PolicyInvalid, default_text, parse_policy
from tests.web.contract_world import Json, Problem, World, now, stamp

API = "/api/v1/admin/policy"


def policy_routes(app: FastAPI, world: World, allowed: Callable[[Request], str]) -> None:
    @app.get(API)
    async def policy(request: Request) -> Json:
        allowed(request)
        return {**_view(world.policies[-1]), "since": stamp(now()), "problem": None, "owned_by_file": world.policy_file}

    @app.put(API)
    async def apply(request: Request, body: Json) -> Json:
        by = allowed(request)
        row = _version(body["text"], len(world.policies) + 1, by=by, reason=body["reason"])
        if world.policy_waits:
            world.policy_waits = False
            raise Problem(409, "waits_for_approval", "apply_policy waits for an approval (ap-1)")
        world.policies.append(row)
        return {"version": row["version"], "replaced": body["replaces"], "rules": row["rules"]}

    @app.post(f"{API}/check")
    async def check(request: Request, body: Json) -> Json:
        allowed(request)
        try:
            found = parse_policy(body["text"], "policy")
        except PolicyInvalid as error:
            return {"version": None, "rules": 0, "problems": [*map(asdict, error.problems)], "warnings": []}
        return {"version": found.version, "rules": len(found.rules), "problems": [], "warnings": []}

    @app.post(f"{API}/dry-run")
    async def dry_run(request: Request, body: Json) -> Json:
        allowed(request)
        was = {"effect": "allow", "rule": "own-writes", "approver": "administrator", "persons": 1}
        one = {"call_id": "c-7", "time": stamp(now()), "user": "alice", "tool": "write_file", "was": was}
        differences = [{**one, "now": {**was, "effect": "deny", "rule": "no-writes"}}]
        told = {"since": stamp(now()), "calls": 812, "whole": True, "uncertain": 0, "skipped": 3, "changed": 1}
        return {**told, "counts": [{"was": "allow", "now": "deny", "calls": 1}], "differences": differences}

    @app.get(f"{API}/versions")
    async def versions(request: Request) -> Json:
        allowed(request)
        return {"versions": world.policies[::-1], "next_cursor": None}

    @app.get(API + "/versions/{seq}")
    async def version(request: Request, seq: int) -> Json:
        allowed(request)
        return world.policies[seq - 1]


def shipped() -> Json:
    return _version(default_text(), 1)


def _version(text: str, seq: int, by: str = "", reason: str = "") -> Json:
    policy = parse_policy(text, "policy")
    row = {"seq": seq, "version": policy.version, "source": "page of administrators" if by else "default policy"}
    return {**row, "at": stamp(now()), "rules": len(policy.rules), "written_here": bool(by), "by": by,
            "reason": reason, "text": text}  # fmt: skip


def _view(row: Json) -> Json:
    return {name: row[name] for name in ("version", "source", "rules", "text")}

"""The approvals of the contract server: the queue, decisions, grants and the kill switch, over the in-memory world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Request

from tests.web.contract_tools import TOOLS
from tests.web.contract_world import Approval, Json, Problem, World, now, stamp

API = "/api/v1"
UserOf = Callable[[World, Any], str]


def approval_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    @app.get(f"{API}/approvals")
    async def approvals(request: Request, state: str = "pending") -> list[Json]:
        user = user_of(world, request)
        values = [approval.value for approval in world.approvals.values()]
        return [
            value
            for value in values
            if (user == "admin" or value["requester"] == user) and (state == "all" or value["state"] == "pending")
        ]

    @app.post(API + "/approvals/{approval_id}")
    async def decide(request: Request, approval_id: str, body: Json) -> Json:
        user = user_of(world, request)
        approval = world.approvals[approval_id]
        own = approval.value["requester"] == user
        withdrawing = own and body["verdict"] == "reject"
        confirming = own and approval.value["approver"] == "requester"
        if user != "admin" and not (withdrawing or confirming):
            raise Problem(403, "forbidden", "Only an approver may decide.")
        if approval.value["digest"] != body["digest"]:
            raise Problem(409, "conflict", "The request has changed. Look at it again.")
        if approval.value["state"] != "pending":
            raise Problem(409, "conflict", f"It was already {approval.value['state']}.")
        if body["verdict"] == "reject" and not body["reason"]:
            raise Problem(422, "bad_input", "A rejection needs a reason.")
        if body["verdict"] == "approve" and approval.value["fresh_login_s"] and user not in world.fresh:
            raise Problem(403, "fresh_login_needed", "This takes a sign-in of the last 10 min.")
        if body["verdict"] == "approve" and len(approval.value["given"]) + 1 < approval.value["persons"]:
            approval.value["given"].append(user)
            return approval.value
        if body.get("grant"):
            _grant(world, approval.value, body["grant"], user)
        _decide(world, approval, body, user)
        return approval.value

    @app.get(f"{API}/grants")
    async def grants(request: Request) -> list[Json]:
        user_of(world, request)
        return list(world.grants.values())

    @app.post(API + "/grants/{grant_id}/revoke", status_code=204)
    async def revoke(request: Request, grant_id: str, body: Json) -> None:
        user_of(world, request)
        del world.grants[grant_id]

    @app.get(f"{API}/locks")
    async def locks(request: Request) -> list[Json]:
        user_of(world, request)
        return world.locks

    @app.post(f"{API}/locks", status_code=201)
    async def lock(request: Request, body: Json) -> Json:
        if body["name"] == (user := user_of(world, request)):
            raise Problem(422, "bad_input", "You would lock yourself out.")
        world.locks.insert(0, {**body, "by": user, "at": stamp(now())})
        return world.locks[0]

    @app.post(API + "/locks/{kind}/{name}/lift", status_code=204)
    async def lift(request: Request, kind: str, name: str, body: Json) -> None:
        user_of(world, request)
        world.locks = [one for one in world.locks if (one["kind"], one["name"]) != (kind, name)]


def _grant(world: World, asked: Json, grant: Json, by: str) -> None:
    identifier = world.identifier("g")
    limits = {name: {"kind": "same", "value": value} for name, value in asked["arguments"].items()}
    limits |= {name: {"value": None, **limit} for name, limit in (grant.get("pattern") or {}).items()}
    world.grants[identifier] = {
        "grant_id": identifier,
        "session_id": asked["session_id"],
        "tool": asked["tool"],
        "requester": asked["requester"],
        "approver": by,
        "rule": asked["rule"],
        "owners": asked["preview"]["owners"],
        "most_targets": len(asked["preview"]["targets"]),
        "arguments": limits,
        "expires_at": stamp(now() + timedelta(minutes=grant["minutes"])),
        "used": 0,
        "most_uses": grant["uses"],
    }


def _decide(world: World, approval: Approval, body: Json, by: str) -> None:
    state = "approved" if body["verdict"] == "approve" else "rejected"
    approval.value |= {"state": state, "decided_by": by, "decided_reason": body["reason"] or None}
    approval.decided.set()
    call = world.calls.get(approval.value["call_id"])
    if call is not None and state == "approved":
        call |= {"status": "done", "result": TOOLS[call["tool"]](world, "admin", call["arguments"])}
    elif call is not None:
        call |= {"status": "refused", "error": {"code": "rejected", "message": body["reason"], "retryable": False}}

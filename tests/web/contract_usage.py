"""The contract server's usage and budgets: lines as a test puts them into the world, and the months of users."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request

from tests.web.contract_world import Json, Problem, Session, World, now, stamp

API = "/api/v1/usage"
MEASURES = ("tokens", "money", "calls", "wall_s", "cpu_hours")
UserOf = Callable[[World, Request], str]


def usage_line(name: str, tokens: int, **changes: object) -> Json:
    read = {"replies": 12, "prompt_tokens": tokens * 9 // 10, "completion_tokens": tokens // 10}
    return {"name": name, **read, "money": tokens / 100_000, "calls": 31, "wall_s": 754.0, "cpu_hours": 3.25, **changes}


def account(name: str, **limits: float) -> Json:
    """One that has spent something of each measure; reserved is a little of the tokens."""
    spent = {"tokens": 61_500, "money": 0.615, "calls": 310, "wall_s": 7_540.0, "cpu_hours": 32.5}
    bounds = {one: limits.get(one) for one in MEASURES}
    left = {one: None if (most := bounds[one]) is None else max(0, most - spent[one]) for one in MEASURES}
    reserved = dict.fromkeys(MEASURES, 0) | {"tokens": 2_000}
    return {"account": name, "limits": bounds, "spent": spent, "reserved": reserved, "left": left}


def usage_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    def month(username: str) -> Json:
        return world.budgets.setdefault(username, account(f"user {username}"))

    def administrator(request: Request) -> str:
        if (user := user_of(world, request)) != "admin":
            raise Problem(403, "scope_missing", "this needs the scope admin")
        return user

    @app.get(API)
    async def usage(request: Request, by: str = "model", everybody: bool = False) -> Json:
        user = administrator(request) if everybody else user_of(world, request)
        lines = world.usage.get(by, []) if everybody or by != "user" else [usage_line(user, 61_500)]
        return {"since": stamp(now()), "by": by, "lines": lines}

    @app.get(API + "/budget")
    async def budget(request: Request) -> Json:
        return month(user_of(world, request))

    @app.get(API + "/budgets/{username}")
    async def budget_of(request: Request, username: str) -> Json:
        administrator(request)
        return month(username)

    @app.put(API + "/budgets/{username}")
    async def change(request: Request, username: str, body: dict[str, float | None]) -> Json:
        administrator(request)
        world.budgets[username] = account(f"user {username}", **{k: v for k, v in body.items() if v is not None})
        return world.budgets[username]

    @app.get(API + "/sessions/{session_id}")
    async def session(request: Request, session_id: str) -> Json:
        own: Session = world.sessions[session_id]
        user = user_of(world, request)
        return {"session_id": session_id, "left": month(user)["left"], "budgets": [month(own.owner)]}

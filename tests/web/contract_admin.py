"""The contract server's administration: accounts, groups and everybody's tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi import FastAPI, Request

from tests.web.contract_policy import policy_routes
from tests.web.contract_switches import switch_routes
from tests.web.contract_world import ADMIN_SCOPES, USER_SCOPES, Json, Problem, World, now, stamp

API = "/api/v1"
Allowed = Callable[[Request], str]


def account(name: str, **changes: object) -> Json:
    row = {"username": name, "is_admin": False, "disabled": False, "created_at": "2026-01-15T09:30:00Z"}
    return {**row, "scopes": USER_SCOPES, "groups": [], "permissions": [], **changes}


def token_of(name: str, username: str) -> Json:
    row = {"id": f"t-{name}", "name": name, "username": username, "scopes": ["jobs:read"], "jobs": None, "jobs_used": 0}
    ends = stamp(now() + timedelta(days=30))
    return {**row, "created_at": stamp(now()), "expires_at": ends, "last_used_at": None, "requests_per_minute": None}


def admin_routes(app: FastAPI, world: World, user_of: Callable[[World, Request], str]) -> None:
    def administrator(request: Request) -> str:
        if (user := user_of(world, request)) != "admin":
            raise Problem(403, "forbidden", "this needs the scope admin")
        return user

    _user_routes(app, world, administrator)
    _group_routes(app, world, administrator)
    _token_routes(app, world, administrator)
    policy_routes(app, world, administrator)
    switch_routes(app, world, administrator)


def _known(world: World, name: str) -> Json:
    if name not in world.accounts:
        raise Problem(404, "not_found", f"there is no user {name}")
    return world.accounts[name]


def _user_routes(app: FastAPI, world: World, administrator: Allowed) -> None:
    @app.get(f"{API}/users")
    async def users(request: Request, q: str = "", cursor: str = "", limit: int = 100) -> Json:
        administrator(request)
        found = sorted(name for name in world.accounts if q in name and name > cursor)
        shown = [world.accounts[name] for name in found[:limit]]
        return {"users": shown, "next_cursor": found[limit - 1] if len(found) > limit else None}

    @app.post(f"{API}/users", status_code=201)
    async def create(request: Request, body: Json) -> Json:
        administrator(request)
        if body["username"] in world.accounts:
            raise Problem(409, "conflict", f"there is a user {body['username']} already")
        world.accounts[body["username"]] = account(body["username"], is_admin=body["is_admin"])
        return world.accounts[body["username"]]

    @app.get(API + "/users/{name}")
    async def one(request: Request, name: str) -> Json:
        administrator(request)
        return _known(world, name)

    @app.patch(API + "/users/{name}")
    async def change(request: Request, name: str, body: Json) -> Json:
        administrator(request)
        _known(world, name).update(body)
        if "is_admin" in body:
            world.accounts[name]["scopes"] = ADMIN_SCOPES if body["is_admin"] else USER_SCOPES
        return world.accounts[name]

    @app.delete(API + "/users/{name}", status_code=204)
    async def remove(request: Request, name: str) -> None:
        administrator(request)
        del world.accounts[name]

    @app.post(API + "/admin/users/{name}/sign-in-link", status_code=201)
    async def link(request: Request, name: str) -> Json:
        administrator(request)
        world.codes["c0de"] = name
        return {"url": f"{request.base_url}sign-in?code=c0de", "expires_at": stamp(now() + timedelta(minutes=10))}


def _group_routes(app: FastAPI, world: World, administrator: Allowed) -> None:
    @app.get(f"{API}/groups")
    async def groups(request: Request) -> list[Json]:
        administrator(request)
        return world.groups

    @app.post(f"{API}/groups", status_code=201)
    async def create(request: Request, body: Json) -> Json:
        administrator(request)
        world.groups.append({**body, "created_at": stamp(now())})
        return world.groups[-1]

    @app.put(API + "/groups/{group}/members/{name}", status_code=204)
    async def add(request: Request, group: str, name: str) -> None:
        administrator(request)
        _known(world, name)["groups"] = sorted({*world.accounts[name]["groups"], group})

    @app.delete(API + "/groups/{group}/members/{name}", status_code=204)
    async def leave(request: Request, group: str, name: str) -> None:
        administrator(request)
        _known(world, name)["groups"] = [one for one in world.accounts[name]["groups"] if one != group]


def _token_routes(app: FastAPI, world: World, administrator: Allowed) -> None:
    @app.get(f"{API}/admin/tokens")
    async def tokens(request: Request, q: str = "") -> Json:
        administrator(request)
        return {"tokens": [one for one in world.all_tokens if q in one["username"]], "next_cursor": None}

    @app.delete(API + "/admin/tokens/{name}/{token_id}", status_code=204)
    async def revoke(request: Request, name: str, token_id: str) -> None:
        administrator(request)
        world.all_tokens = [one for one in world.all_tokens if (one["username"], one["id"]) != (name, token_id)]

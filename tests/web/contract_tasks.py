"""The contract server's tasks: members, shared conversations, sub-agents and memory, as a test puts them there."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from tests.web.contract_usage import account
from tests.web.contract_world import Json, Problem, World, now, stamp

API = "/api/v1/tasks"
UserOf = Callable[[World, Request], str]


def task(world: World, owner: str, title: str, **members: str) -> Json:
    """One more, with these members and their roles; what its conversations hold is `user` data."""
    roles = {owner: "owner", **members}
    made: Json = {
        "task_id": world.identifier("t"),
        "title": title,
        "owner": owner,
        "created_at": stamp(now()),
        "workspace": "/data/alice/calibration",
        "members": [{"username": name, "role": role, "since": stamp(now())} for name, role in roles.items()],
        "budget": {},
        "confidentiality": "user",
    }
    world.tasks[made["task_id"]] = made
    return made


def subagent(name: str, parent: str, task_id: str, profile: str, state: str = "working", **changes: object) -> Json:
    known = {"session_id": name, "parent": parent, "root": parent, "depth": 1, "profile": profile, "state": state}
    ended = stamp(now()) if state in ("done", "failed", "stopped") else None
    goal = {"goal": f"Do the {profile} of the second half.", "owner": "alice", "task_id": task_id, "detail": None}
    model = {"model": "site-model", "trust": "site", "confidentiality": "user", "worker_id": None}
    return {**known, **goal, **model, "opened_at": stamp(now()), "ended_at": ended, **changes}


def memory(title: str, text: str, author: str, **changes: object) -> Json:
    known: Json = {"contribution_id": title, "kind": "finding", "title": title, "text": text, "author": author}
    kept = {"by_hand": False, "at": stamp(now()), "session_id": None, "standing": "private", "confidentiality": "user"}
    return {**known, **kept, "trusted": False, **changes}


def task_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    def seen(request: Request, task_id: str) -> Json:
        user = user_of(world, request)
        one = world.tasks.get(task_id)
        role = one and next((each["role"] for each in one["members"] if each["username"] == user), None)
        if one is None or role is None:
            raise Problem(404, "task_not_found", "there is no such task")
        return {**one, "role": role}

    def confirmed(body: Json, words: str) -> None:
        if body.get("shows") != "user":
            raise Problem(409, "sharing_unconfirmed", words)

    @app.get(API)
    async def tasks(request: Request) -> list[Json]:
        user = user_of(world, request)
        own = [one for one in world.tasks.values() if user in [each["username"] for each in one["members"]]]
        return [seen(request, one["task_id"]) for one in own]

    @app.post(API, status_code=201)
    async def create(request: Request, body: Json) -> Json:
        made = task(world, user_of(world, request), body["title"])
        return seen(request, made["task_id"])

    @app.delete(API + "/{task_id}", status_code=204)
    async def close(request: Request, task_id: str) -> Response:
        seen(request, task_id)
        del world.tasks[task_id]
        return Response(status_code=204)

    @app.put(API + "/{task_id}/members/{username}")
    async def admit(request: Request, task_id: str, username: str, body: Json) -> Json:
        seen(request, task_id)
        members = world.tasks[task_id]["members"]
        known = [one for one in members if one["username"] == username]
        if not known:
            confirmed(body, f"{username} would see data of alice that only she may see.")
        others = [one for one in members if one["username"] != username]
        since = {"username": username, "since": stamp(now())}
        world.tasks[task_id]["members"] = [*others, {**since, "role": body["role"]}]
        return seen(request, task_id)

    @app.delete(API + "/{task_id}/members/{username}", status_code=204)
    async def dismiss(request: Request, task_id: str, username: str) -> Response:
        members = seen(request, task_id)["members"]
        world.tasks[task_id]["members"] = [one for one in members if one["username"] != username]
        return Response(status_code=204)

    @app.put(API + "/{task_id}/budget")
    async def budget(request: Request, task_id: str, body: dict[str, float | None]) -> Json:
        seen(request, task_id)
        limits = {name: limit for name, limit in body.items() if limit is not None}
        world.budgets[task_id] = account(f"task {task_id}", **limits)
        return seen(request, task_id)

    @app.get("/api/v1/usage/tasks/{task_id}")
    async def spent(request: Request, task_id: str) -> Json:
        seen(request, task_id)
        return world.budgets.setdefault(task_id, account(f"task {task_id}", tokens=100_000))

    @app.get(API + "/{task_id}/sessions")
    async def sessions(request: Request, task_id: str) -> list[Json]:
        seen(request, task_id)
        return [one.value() for one in world.sessions.values() if one.task_id == task_id and one.parent is None]

    @app.put(API + "/{task_id}/sessions/{session_id}")
    async def share(request: Request, task_id: str, session_id: str, body: Json) -> Json:
        seen(request, task_id)
        confirmed(body, "bob would see what is in this conversation.")
        world.sessions[session_id].task_id = task_id
        return world.sessions[session_id].value()

    @app.get(API + "/{task_id}/memory")
    async def memories(request: Request, task_id: str) -> Json:
        seen(request, task_id)
        return {"memories": world.memories}

    @app.get("/api/v1/subagents")
    async def subagents(request: Request, task_id: str = "", session_id: str = "") -> list[Json]:
        if task_id:
            seen(request, task_id)
        asked = task_id or session_id
        return [one for one in world.subagents.values() if asked in (one["task_id"], one["root"])]

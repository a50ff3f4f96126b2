"""The contract server's interactive apps, and the pages of plugins. Sessions change by the hand of the test."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request

from tests.web.contract_world import Json, Problem, World, now, stamp

RESOURCES = {
    "cpus": {"default": 1, "least": 1, "most": 8},
    "memory_mb": {"default": 2048, "least": 512, "most": 16384},
    "wall_time_s": {"default": 28800, "least": 600, "most": 86400},
    "gpus": {"default": 0, "least": 0, "most": 0},
}
APPS = [
    {
        "name": "jupyter",
        "title": {"en": "Jupyter", "zh": "Jupyter"},
        "description": {"en": "Notebooks in the browser.", "zh": "浏览器中的笔记本。"},
        "resources": RESOURCES,
        "inputs": [{"name": "folder", "title": {"en": "Folder", "zh": "目录"}, "kind": "path", "default": "."}],
    },
    {
        "name": "enode",
        "title": {"en": "Terminal", "zh": "终端"},
        "description": {"en": "A shell on a node of the cluster.", "zh": "集群节点上的终端。"},
        "resources": {**RESOURCES, "gpus": {"default": 0, "least": 0, "most": 2}},
        "inputs": [],
    },
]
UserOf = Callable[[World, Request], str]


def app_session(session_id: str, user: str, **state: object) -> Json:
    """A session as it is when it has just been launched, but for `state`."""
    session: Json = {"session_id": session_id, "app": "jupyter", "user": user, "cluster": "dev", "job_id": None}
    session |= {
        "state": "submitting",
        "reason": None,
        "estimate_s": None,
        "node": None,
        "port": None,
        "path": None,
        "url": None,
    }
    session |= {"folder": ".ink/Jobs/jupyter-1", "cpus": 1, "memory_mb": 2048, "gpus": 0, "wall_time_s": 28800}
    return {**session, "launched_at": stamp(now()), "ready_at": None, "ends_at": None, **state}


def app_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    def own(request: Request, session_id: str) -> Json:
        user = user_of(world, request)
        for session in world.app_sessions:
            if (session["session_id"], session["user"]) == (session_id, user):
                return session
        raise Problem(404, "not_found", "There is no such session.")

    @app.get("/api/v1/apps")
    async def apps(request: Request) -> Json:
        admin = user_of(world, request) == "admin"
        return {"apps": APPS, "broken": {"paraview": "manifest.yaml: command: field required"} if admin else {}}

    @app.get("/api/v1/app-sessions")
    async def sessions(request: Request) -> list[Json]:
        user = user_of(world, request)
        return [session for session in world.app_sessions if session["user"] == user]

    @app.post("/api/v1/app-sessions", status_code=201)
    async def launch(request: Request, body: Json) -> Json:
        user = user_of(world, request)
        world.launches.append({**body, "key": request.headers["idempotency-key"]})
        if body.get("queue") == "forbidden":
            raise Problem(400, "scheduler_refused", "The partition forbidden takes no jobs of yours.")
        if body.get("queue") == "asked":
            raise Problem(409, "waits_for_approval", "launch_app waits for an approval (ap-1).")
        chosen = {name: body[name] for name in ("cpus", "memory_mb", "gpus") if name in body}
        made = app_session(world.identifier("as"), user, app=body["app"], cluster=body["cluster"], **chosen)
        world.app_sessions.insert(0, made)
        return made

    @app.delete("/api/v1/app-sessions/{session_id}")
    async def stop(request: Request, session_id: str) -> Json:
        session = own(request, session_id)
        session |= {"state": "ended", "reason": "it was stopped", "path": None, "url": None, "ends_at": None}
        return session

    @app.get("/api/v1/app-sessions/{session_id}/log")
    async def log(request: Request, session_id: str) -> Json:
        own(request, session_id)
        return {"text": "jupyter-lab: command not found\n"}

    @app.get("/api/v1/plugins/pages")
    async def plugin_pages(request: Request) -> list[Json]:
        user_of(world, request)
        return world.plugin_pages

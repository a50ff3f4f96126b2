"""A server that keeps to docs/reference/http-api.md and serves the built page, all in memory: for the page's tests."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from ink_core.api.headers import SecurityHeaders, page
from tests.web.contract_admin import admin_routes
from tests.web.contract_approvals import approval_routes
from tests.web.contract_apps import app_routes
from tests.web.contract_audit import audit_routes
from tests.web.contract_consents import consent_routes
from tests.web.contract_dags import dag_routes
from tests.web.contract_devices import device_routes
from tests.web.contract_files import file_routes
from tests.web.contract_knowledge import knowledge_routes
from tests.web.contract_lens import lens_routes
from tests.web.contract_outputs import output_routes
from tests.web.contract_sessions import session_routes
from tests.web.contract_site import site_routes
from tests.web.contract_storages import storage_routes
from tests.web.contract_tasks import task_routes
from tests.web.contract_tokens import token_routes
from tests.web.contract_tools import TOOLS, typed
from tests.web.contract_usage import usage_routes
from tests.web.contract_world import PASSWORDS, Json, Problem, World, now, stamp

DIST = Path(__file__).parents[2] / "manager" / "api" / "static"
API = "/api/v1"
Next = Callable[[Request], Awaitable[Response]]


def make_app(world: World, files: Path = DIST) -> FastAPI:
    app = FastAPI()
    app.state.world = world
    app.add_exception_handler(Problem, _problem)
    app.middleware("http")(_guard)
    app.add_middleware(SecurityHeaders)
    _identity_routes(app, world)
    app_routes(app, world, _user)
    token_routes(app, world, _user)
    admin_routes(app, world, _user)
    usage_routes(app, world, _user)
    task_routes(app, world, _user)
    device_routes(app, world, _user)
    consent_routes(app, world, _user)
    _job_routes(app, world)
    dag_routes(app, world, _user)
    knowledge_routes(app, world, _user)
    lens_routes(app, world)
    site_routes(app, world, _user)
    output_routes(app, world, _user)
    _call_routes(app, world)
    session_routes(app, world, _user)
    approval_routes(app, world, _user)
    audit_routes(app, world, _user)
    file_routes(app, world, _user)
    storage_routes(app, world, _user)
    _terminal_route(app, world)
    _page(app, files)
    return app


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    body = {"type": "about:blank", "title": error.code, "status": error.status, "detail": error.detail}
    return JSONResponse({**body, "code": error.code, "retryable": error.retryable}, error.status)


async def _guard(request: Request, following: Next) -> Response:
    """Origin check of every change."""
    origin = urlsplit(request.headers.get("origin", "")).netloc
    if request.method not in ("GET", "HEAD") and origin != request.headers.get("host"):
        return await _problem(request, Problem(403, "forbidden", "The request comes from another site."))
    response = await following(request)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _user(world: World, request: Request | WebSocket) -> str:
    user = world.cookies.get(request.cookies.get("ink_session", ""))
    if user is None:
        raise Problem(401, "unauthenticated", "Nobody is signed in. Sign in first.")
    return user


def _signed_in(world: World, response: Response, user: str) -> None:
    cookie = secrets.token_urlsafe(16)
    world.cookies[cookie] = user
    response.set_cookie("ink_session", cookie, httponly=True, samesite="strict")


def _identity_routes(app: FastAPI, world: World) -> None:
    @app.post(f"{API}/auth/login")
    async def login(body: Json) -> Response:
        if PASSWORDS.get(body["username"]) != body["password"]:
            raise Problem(401, "wrong_password", "User name or password is wrong.")
        world.fresh.add(body["username"])
        response = JSONResponse(world.me(body["username"]))
        _signed_in(world, response, body["username"])
        return response

    @app.post(f"{API}/auth/logout")
    async def logout(request: Request) -> Response:
        world.cookies.pop(request.cookies.get("ink_session", ""), None)
        return Response(status_code=204)

    @app.get("/sign-in")
    async def sign_in(code: str) -> Response:
        user = world.codes.pop(code, None)
        response = RedirectResponse("/", 303)
        if user is not None:
            _signed_in(world, response, user)
        return response

    @app.get(f"{API}/auth/providers")
    async def providers() -> list[Json]:
        return world.providers

    @app.get(f"{API}/me")
    async def me(request: Request) -> Json:
        return world.me(_user(world, request))

    @app.get(f"{API}/agents")
    async def agents(request: Request) -> Json:
        user = _user(world, request)
        return {"agents": [agent for agent in world.agents if agent["user"] == user], "next_cursor": None}


def _job_routes(app: FastAPI, world: World) -> None:
    @app.get(f"{API}/jobs")
    async def jobs(
        request: Request,
        cluster: str = "dev",
        owner: str | None = None,
        state: str | None = None,
        q: str = "",
        cursor: str | None = None,
        limit: int = 100,
    ) -> Json:
        user = _user(world, request)
        wanted = None if owner == "*" else owner or user
        found = [
            job
            for job in world.jobs
            if job["cluster"] == cluster
            and (wanted is None or job["owner"] == wanted)
            and (state is None or job["state"] == state)
            and q.lower() in f"{job['job_id']} {job['name']} {job['owner']}".lower()
        ]
        start = int(cursor or 0)
        page = found[start : start + limit]
        following = str(start + limit) if start + limit < len(found) else None
        counts = Counter(job["state"] for job in found)
        body = {"cluster": cluster, "observed_at": stamp(now()), "jobs": page, "total": len(found)}
        return {**body, "counts": counts, "next_cursor": following}

    @app.get(API + "/jobs/{cluster}/{job_id}")
    async def one(request: Request, cluster: str, job_id: str) -> Json:
        _user(world, request)
        job = world.job(job_id)
        if job is None or job["cluster"] != cluster:
            raise Problem(404, "job_not_found", f"There is no job {job_id} on {cluster}.")
        return job

    @app.get(API + "/jobs/{cluster}/{job_id}/explanation")
    async def explanation(request: Request, cluster: str, job_id: str) -> Json:
        job = await one(request, cluster, job_id)
        evidence = [f"hold reason: {job['reason']}"] if job["reason"] else [f"it runs on {job['node']}"]
        proposals = ["raise the request (hep_edit -m MB), then release it"] if job["reason"] else []
        held = "the job is held: it used more memory or disk than it asked for"
        summary = held if job["reason"] else "the job is running"
        return {
            "job_id": job_id,
            "state": job["state"],
            "summary": summary,
            "evidence": evidence,
            "proposals": proposals,
        }


def _call_routes(app: FastAPI, world: World) -> None:
    @app.get(f"{API}/tools")
    async def tools(request: Request) -> list[Json]:
        _user(world, request)
        empty = {"title": "", "description": "", "risk": "read", "scopes": [], "input_schema": {"type": "object"}}
        return [{"name": name, **empty} for name in TOOLS]

    @app.post(f"{API}/calls")
    async def call(request: Request, body: Json) -> Json:
        user = _user(world, request)
        value: Json = {"call_id": world.identifier("c"), "tool": body["tool"], "arguments": body["arguments"]}
        world.calls[value["call_id"]] = value
        targets, owners = _others(world, user, body["arguments"])
        if owners:
            preview = {
                "summary": f"{body['tool']} on jobs of others",
                "targets": targets,
                "owners": owners,
                "details": [],
                "undo": None,
            }
            approval = world.request_approval(None, value, user, preview)
            value |= {"status": "waiting_approval", "approval_id": approval.value["approval_id"], "preview": preview}
            return value
        try:
            value |= {"status": "done", "result": TOOLS[body["tool"]](world, user, body["arguments"])}
        except Problem as error:
            fault = {"code": error.code, "message": error.detail, "retryable": error.retryable}
            value |= {"status": "failed", "error": fault}
        return value

    @app.get(API + "/calls/{call_id}")
    async def read_call(request: Request, call_id: str, wait_s: float = 0) -> Json:
        _user(world, request)
        return world.calls[call_id]


def _others(world: World, user: str, arguments: Json) -> tuple[list[str], list[str]]:
    """The jobs that a call names, and their owners but this user."""
    targets: list[str] = arguments.get("job_ids") or [arguments.get("job_id", "")]
    owners = {job["owner"] for job in map(world.job, targets) if job}
    return targets, sorted(owners - {user})


def _terminal_route(app: FastAPI, world: World) -> None:
    @app.websocket(API + "/terminals/{worker_id}/{terminal_id}")
    async def terminal(socket: WebSocket, worker_id: str, terminal_id: str, offset: int = 0) -> None:
        _user(world, socket)
        shell = world.terminals.get(terminal_id)
        if shell is None:
            await socket.accept()
            return await socket.close(4404, "There is no such terminal any more.")
        await socket.accept()
        await socket.send_json({"offset": min(offset, len(shell.written))})
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        queue.put_nowait(bytes(shell.written[offset:]))
        shell.listeners.append(queue)
        if not shell.alive:
            queue.put_nowait(None)
        pump = asyncio.create_task(_pump(socket, queue))
        try:
            while True:
                frame: dict[str, Any] = dict(await socket.receive())
                if frame["type"] == "websocket.disconnect":
                    break
                if frame.get("bytes") is not None:
                    typed(shell, frame["bytes"])
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            shell.listeners.remove(queue)
            pump.cancel()
        return None


async def _pump(socket: WebSocket, queue: asyncio.Queue[bytes | None]) -> None:
    while (data := await queue.get()) is not None:
        if data:
            await socket.send_bytes(data)
    await socket.send_json({"closed": True, "exit_code": 0})
    await socket.close()


def _page(app: FastAPI, files: Path) -> None:
    index = (files / "index.html").read_text()

    @app.get("/")
    async def own_page() -> Response:
        return page(index)

    app.mount("/", StaticFiles(directory=files))

"""The contract server's sessions: opened, written in, stopped, and their streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from tests.web.contract_agent import Turn
from tests.web.contract_world import Json, Problem, Session, World, now, stamp

SESSIONS = "/api/v1/sessions"
UserOf = Callable[[World, Request], str]


def session_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    def owned(request: Request, session_id: str) -> Session:
        session = world.sessions.get(session_id)
        if session is None or user_of(world, request) not in (session.owner, *session.watchers):
            raise Problem(404, "not_found", "There is no such session.")
        return session

    def begin(session: Session, user: str, text: str, quotes: Sequence[Json] = ()) -> int:
        event = session.record("user.message", text=text, by=user, quotes=list(quotes))
        session.turn = asyncio.create_task(Turn(world, session, session.owner).run(text))
        return int(event["seq"])

    @app.get("/api/v1/models")
    async def models(request: Request) -> list[Json]:
        user_of(world, request)
        return world.models

    @app.get(SESSIONS)
    async def sessions(request: Request) -> list[Json]:
        user = user_of(world, request)
        return [one.value() for one in reversed(world.sessions.values()) if one.owner == user]

    @app.post(SESSIONS)
    async def create(request: Request, body: Json) -> Json:
        user = user_of(world, request)
        opened = world.open_session(user, body.get("title", ""), body.get("worker_id"))
        opened.task_id = body.get("task_id")
        return opened.value()

    @app.get(SESSIONS + "/{session_id}")
    async def one(request: Request, session_id: str) -> Json:
        shared = owned(request, session_id)
        watched = {"share": "watch", "shared_with": [shared.owner]}
        return shared.value() | (watched if user_of(world, request) in shared.watchers else {})

    @app.patch(SESSIONS + "/{session_id}")
    async def change(request: Request, session_id: str, body: Json) -> Json:
        session = owned(request, session_id)
        session.record("session.changed", **body, **({"trust": "site"} if "model" in body else {}))
        return session.value()

    @app.post(SESSIONS + "/{session_id}/messages", status_code=202)
    async def message(request: Request, session_id: str, body: Json) -> Json:
        session = owned(request, session_id)
        if session.turn is not None and not session.turn.done():
            raise Problem(409, "conflict", "The agent is still working on the last message. Stop it or wait.")
        return {"seq": begin(session, user_of(world, request), body["text"], body["quotes"])}

    @app.put(SESSIONS + "/{session_id}/terminals/{worker_id}/{terminal_id}")
    async def readable(request: Request, session_id: str, worker_id: str, terminal_id: str, body: Json) -> Json:
        session = owned(request, session_id)
        named = {"worker_id": worker_id, "terminal_id": terminal_id, "on": body["on"]}
        session.record("terminal.readable", **named, by=user_of(world, request))
        return session.value()

    @app.post(SESSIONS + "/{session_id}/branches", status_code=202)
    async def branch(request: Request, session_id: str, body: Json) -> Json:
        session, user = owned(request, session_id), user_of(world, request)
        await _ended(session)
        turns = [event for event in session.events if event["kind"] == "user.message"]
        session.record("session.branched", parent=session.parents[body["turn"]], by=user)
        return {"seq": begin(session, user, body["text"] or turns[body["turn"] - 1]["text"])}

    @app.put(SESSIONS + "/{session_id}/budget")
    async def budget(request: Request, session_id: str, body: Json) -> Json:
        session = owned(request, session_id)
        session.limits = body
        session.record("budget.raised", turn=session.turns, by=user_of(world, request))
        return session.value()

    @app.put(SESSIONS + "/{session_id}/plan-mode")
    async def plan_mode(request: Request, session_id: str, body: Json) -> Json:
        session = owned(request, session_id)
        session.record("session.plan_mode", on=body["on"], by=user_of(world, request))
        return session.value()

    @app.put(SESSIONS + "/{session_id}/edit-review")
    async def edit_review(request: Request, session_id: str, body: Json) -> Json:
        session = owned(request, session_id)
        session.record("session.edit_review", on=body["on"], by=user_of(world, request))
        return session.value()

    @app.put(SESSIONS + "/{session_id}/path")
    async def path(request: Request, session_id: str, body: Json) -> Json:
        session, user = owned(request, session_id), user_of(world, request)
        await _ended(session)
        session.record("session.branched", parent=body["turn"], by=user)
        return session.value()

    @app.post(SESSIONS + "/{session_id}/stop", status_code=202)
    async def stop(request: Request, session_id: str) -> Json:
        session = owned(request, session_id)
        if session.turn is not None:
            session.turn.cancel()
        if session_id in world.subagents:
            world.subagents[session_id] |= {"state": "stopped", "ended_at": stamp(now())}
        return {}

    @app.get(SESSIONS + "/{session_id}/stream")
    async def stream(request: Request, session_id: str, after: int = 0) -> Response:
        session = owned(request, session_id)
        return StreamingResponse(_events(session, after, world), media_type="text/event-stream")


async def _ended(session: Session) -> None:
    if session.turn is not None and not session.turn.done():
        session.turn.cancel()
        await asyncio.wait([session.turn])


async def _events(session: Session, after: int, world: World) -> AsyncIterator[str]:
    queue: asyncio.Queue[Json] = asyncio.Queue()
    for event in session.events[after:]:
        queue.put_nowait(event)
    if session.live:
        queue.put_nowait(session.live)
    session.readers.append(queue)
    try:
        while not world.broken.is_set():
            try:
                event = await asyncio.wait_for(queue.get(), 0.2)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            head = f"id: {event['seq']}\n" if "seq" in event else ""
            body = event if "seq" in event else {k: v for k, v in event.items() if k != "kind"}
            yield f"{head}event: {event['kind']}\ndata: {orjson.dumps(body).decode()}\n\n"
    finally:
        session.readers.remove(queue)

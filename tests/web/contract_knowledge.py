"""The contract server's knowledge: contributions at the platform's own desk in memory, and corrections of steps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex

from fastapi import FastAPI, Request
from pydantic import BaseModel

from knowledge_graph.contributions.contribution import Content, Contribution, ContributionKind, ReviewVerdict, Step
from knowledge_graph.contributions.desk import NewContribution
from knowledge_graph.contributions.faults import BadContribution, ContributionNotFound, OwnContribution
from knowledge_graph.contributions.shelf import Viewer
from manager.api.knowledge_view import correction, details, row
from tests.web.contract_world import Json, Problem, World

API = "/api/v1/knowledge"
UserOf = Callable[[World, Request], str]
FAULTS = (BadContribution, ContributionNotFound, OwnContribution)


def contributed(world: World, author: str, title: str, text: str, kind: str = "fact") -> str:
    """Handed in by this author; its id."""
    new = NewContribution(token_hex(16), ContributionKind(kind), Content(title, text))
    return _kept(world, new, author)


def corrected(world: World, author: str, wrong: str, right: str, tool: str = "submit_job") -> str:
    """A call of the agent that this author marked as wrong; its id."""
    step = Step("s-1", 2, "s-1.2.0", tool)
    new = NewContribution(token_hex(16), ContributionKind.CORRECTION, Content(wrong, right), step=step, share=False)
    return _kept(world, new, author)


def _kept(world: World, new: NewContribution, author: str) -> str:
    """In a thread of its own: the browser's driver has an event loop in that of the test."""
    with ThreadPoolExecutor(1) as thread:
        work = world.knowledge.contribute(new, author=author, by_hand=True)
        return thread.submit(asyncio.run, work).result(30).id


def knowledge_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    def viewer(request: Request) -> Viewer:
        user = user_of(world, request)
        return Viewer(user, reviews=user == "admin")

    @app.get(API + "/contributions")
    async def contributions(request: Request, standing: str = "") -> Json:
        who = viewer(request)
        seen = [one for one in world.knowledge.shelf.seen_by(who) if one.kind is not ContributionKind.CORRECTION]
        waiting = sum(one.latest.waits and one.latest.author != who.username for one in seen) if who.reviews else 0
        rows = [row(one) for one in seen if standing in ("", one.latest.standing)]
        return {"contributions": _json(rows), "next_cursor": None, "waiting": waiting}

    @app.post(API + "/contributions", status_code=201)
    async def contribute(request: Request, body: Json) -> Json:
        who = viewer(request)
        content = Content(body["title"], body["text"], tuple(body["about"]))
        kind, promotes = ContributionKind(body["kind"]), body.get("promotes", "")
        new = NewContribution(token_hex(16), kind, content, promotes=promotes)
        made = await _tried(world.knowledge.contribute(new, author=who.username, by_hand=True))
        return _json([details(made)])[0]

    @app.get(API + "/contributions/{one}")
    async def contribution(request: Request, one: str) -> Json:
        try:
            return _json([details(world.knowledge.shelf.get(one, viewer(request)))])[0]
        except ContributionNotFound as fault:
            raise Problem(404, fault.code, str(fault)) from fault

    @app.post(API + "/contributions/{one}/review")
    async def review(request: Request, one: str, body: Json) -> Json:
        verdict, who = ReviewVerdict(body["verdict"]), viewer(request)
        work = world.knowledge.review(one, body["version"], verdict, reviewer=who.username, reason=body["reason"])
        return _json([details(await _tried(work))])[0]

    @app.post(API + "/contributions/{one}/withdraw")
    async def withdraw(request: Request, one: str) -> Json:
        return _json([details(await _tried(world.knowledge.withdraw(one, viewer(request), "")))])[0]

    @app.post(API + "/corrections", status_code=201)
    async def correct(request: Request, body: Json) -> Json:
        who = viewer(request)
        step = Step(body["session_id"], 1, body["call_id"], "list_jobs")
        content = Content(body["wrong"], body["right"])
        new = NewContribution(token_hex(16), ContributionKind.CORRECTION, content, step=step, share=body["share"])
        made = await _tried(world.knowledge.contribute(new, author=who.username, by_hand=True))
        return _json([details(made)])[0]

    @app.get(API + "/corrections")
    async def corrections(request: Request) -> Json:
        seen = world.knowledge.shelf.seen_by(viewer(request))
        promoted = {one.promotes: one.id for one in seen if one.promotes}
        found = [one for one in seen if one.kind is ContributionKind.CORRECTION]
        rows = _json([correction(one, (), [promoted[one.id]] if one.id in promoted else []) for one in found])
        return {"corrections": [{**each, **world.recalled.get(each["contribution_id"], {})} for each in rows]}

    @app.get(API + "/contributions/{one}/recalls")
    async def recalls(request: Request, one: str) -> Json:
        user_of(world, request)
        told = {"session_id": "s-2", "turn": 4, "seq": 31, "at": "2026-11-25T10:00:00Z", "outcome": "done", "calls": []}
        return {"recalls": [told], "others": world.recalled[one]["recalled"] - 1}


async def _tried(work: Awaitable[Contribution]) -> Contribution:
    try:
        return await work
    except FAULTS as fault:
        raise Problem(fault.http_status, fault.code, str(fault)) from fault


def _json(values: Sequence[BaseModel]) -> list[Json]:
    return [value.model_dump(mode="json") for value in values]

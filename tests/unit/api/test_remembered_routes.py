"""A path that was asked before finds its route at once, and it is the one that trying them all finds."""

from __future__ import annotations

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Route
from starlette.types import Scope

from ink_core.api.remembered_routes import LONGEST, RememberedRoutes, remember_routes
from tests.security.application import client


class Counting(Route):
    """A route that fits nothing of what is asked here, and counts how often it was tried."""

    tried = 0

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        self.tried += 1
        return super().matches(scope)


class Door:
    """Lets callers in while it is open."""

    is_open = True

    def __call__(self) -> None:
        if not self.is_open:
            raise HTTPException(403)


def made(door: Door, first: Route) -> FastAPI:
    app, things = FastAPI(), APIRouter(prefix="/things")

    @things.get("/special", dependencies=[Depends(door)])
    async def special() -> str:
        return "special"

    @things.get("/{name}")
    async def named(name: str) -> str:
        return f"thing {name}"

    @things.post("/{name}")
    async def changed(name: str) -> str:
        return f"changed {name}"

    app.router.routes.append(first)
    app.include_router(things)
    app.add_api_route("/{anything:path}", lambda anything: f"any {anything}", methods=["GET"])
    return app


@pytest.fixture
def first() -> Counting:
    return Counting("/first", lambda _: PlainTextResponse("first"))


ASKED = (
    ("GET", "/things/special"),
    ("GET", "/things/else"),
    ("POST", "/things/special"),
    ("DELETE", "/things/special"),
    ("GET", "/elsewhere/1"),
    ("POST", "/elsewhere/1"),
    ("GET", "/first"),
)


async def answers(http: httpx2.AsyncClient) -> list[tuple[int, str]]:
    found = [await http.request(method, path) for method, path in ASKED]
    return [(each.status_code, each.text) for each in found]


async def test_every_request_is_answered_as_if_all_routes_were_tried(first: Counting) -> None:
    app = made(Door(), first)
    async with client(app) as http:
        tried = await answers(http)
        remember_routes(app)
        assert [await answers(http) for _ in range(3)] == [tried] * 3


async def test_a_path_that_was_asked_before_tries_no_other_route(first: Counting) -> None:
    app = made(Door(), first)
    remember_routes(app)
    async with client(app) as http:
        await http.get("/things/special")
        before = first.tried
        assert (await http.get("/things/special")).json() == "special"
    assert first.tried == before > 0


async def test_what_guards_a_route_is_asked_at_every_request(first: Counting) -> None:
    door = Door()
    app = made(door, first)
    remember_routes(app)
    async with client(app) as http:
        assert (await http.get("/things/special")).status_code == 200
        door.is_open = False
        assert (await http.get("/things/special")).status_code == 403


async def test_a_path_of_any_length_is_found_and_a_long_one_takes_no_memory(first: Counting) -> None:
    app = made(Door(), first)
    remember_routes(app)
    long = "/elsewhere/" + "x" * LONGEST
    async with client(app) as http:
        await http.get(long)
        before = first.tried
        assert (await http.get(long)).json() == f"any {long[1:]}"
    assert first.tried > before


async def test_more_paths_than_are_remembered_are_found_as_well(first: Counting) -> None:
    app = made(Door(), first)
    app.router.middleware_stack = RememberedRoutes(app.router, most=2)
    async with client(app) as http:
        names = [f"thing {number}" for number in range(6)]
        assert [(await http.get(f"/things/{number}")).json() for number in range(6)] == names

"""The short way to an endpoint answers as the framework's own way does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, FastAPI, Header, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient
from starlette.types import Receive, Send
from starlette.types import Scope as RequestScope

from ink_core.api.body_limit import BodyLimit
from ink_core.api.direct_route import DirectRoute, ShortWay
from ink_core.api.errors import install_error_handlers
from ink_core.api.security import Security, install_security, requires, unguarded_routes
from ink_core.clock import SystemClock
from ink_core.errors import NotFound, Unauthenticated
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.service import IdentityService


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int
    name: str = "nobody"


class Answered(BaseModel):
    doubled: int
    name: str
    by: str


async def whoever(connection: HTTPConnection) -> str:
    if "x-name" not in connection.headers:
        raise Unauthenticated("say who you are")
    return connection.headers["x-name"]


async def nickname(x_nickname: Annotated[str | None, Header(max_length=5)] = None) -> str | None:
    return x_nickname


async def double(
    asked: Asked, by: Annotated[str, Depends(whoever)], nick: Annotated[str | None, Depends(nickname)] = None
) -> Answered:
    if asked.number == 404:
        raise NotFound("there is no such number")
    return Answered(doubled=2 * asked.number, name=asked.name, by=nick or by)


def site() -> TestClient:
    app = FastAPI(openapi_url=None)
    install_error_handlers(app)
    app.add_middleware(BodyLimit, most_bytes=200)
    direct = DirectRoute("/direct", double)
    app.router.routes.append(direct)
    app.add_middleware(ShortWay, routes=[direct], most_bytes=200)
    app.add_api_route("/usual", double, methods=["POST"])
    return TestClient(app, raise_server_exceptions=False)


ALICE = {"x-name": "alice", "content-type": "application/json"}
REQUESTS: tuple[tuple[bytes, dict[str, str]], ...] = (
    (b'{"number": 2}', ALICE),
    ('{"number": 2, "name": "\\ud800 \N{GREEK SMALL LETTER MU}"}'.encode(), ALICE),
    (b'{"number": 404}', ALICE),
    (b'{"number": 2}', {"content-type": "application/json"}),
    (b'{"number": 2}', {**ALICE, "content-type": "application/json; charset=utf-8"}),
    (b'{"number": 2}', {**ALICE, "content-type": "text/plain"}),
    (b'{"number": 2}', {"x-name": "alice"}),
    (b'{"number": 2}', {**ALICE, "X-Nickname": "al"}),
    (b'{"number": 2}', {**ALICE, "X-Nickname": "too long"}),
    (b'{"number": "x"}', ALICE),
    (b'{"number": 2, "more": 1}', ALICE),
    (b'{"number": 2', ALICE),
    (b"\xff", ALICE),
    (b"[" * 150, ALICE),
    (b"", ALICE),
    (b" " * 300, ALICE),
)


@pytest.mark.parametrize(("body", "headers"), REQUESTS)
def test_every_request_gets_the_answer_of_the_usual_way(body: bytes, headers: dict[str, str]) -> None:
    client = site()
    direct, usual = (client.post(path, content=body, headers=headers) for path in ("/direct", "/usual"))
    assert (direct.status_code, direct.content) == (usual.status_code, usual.content)
    assert direct.headers == usual.headers


def test_a_body_of_unknown_length_gets_the_answer_of_the_usual_way() -> None:
    client = site()
    pieces = [b'{"number": ', b"2}"]
    direct, usual = (client.post(path, content=iter(pieces), headers=ALICE) for path in ("/direct", "/usual"))
    assert (direct.status_code, direct.content) == (usual.status_code, usual.content)
    for pieces in ([b" " * 150, b" " * 150], [b'{"number": 2}', b" " * 300]):
        assert client.post("/direct", content=iter(pieces), headers=ALICE).status_code == 413


def test_a_plain_request_is_answered_before_any_other_middleware_sees_it() -> None:
    seen = list[str]()

    async def seeing(scope: RequestScope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        raise NotFound("the framework's way")

    direct = DirectRoute("/direct", double)
    short = TestClient(ShortWay(seeing, [direct]), raise_server_exceptions=False)
    assert short.post("/direct", content=b'{"number": 2}', headers=ALICE).json()["doubled"] == 4
    assert seen == []
    assert short.post("/direct", content=b'{"number": 404}', headers=ALICE).status_code == 500
    assert seen == ["http"]


async def signed(asked: Asked, by: Annotated[Principal, requires(Scope.JOBS_READ)]) -> Answered:
    return Answered(doubled=2 * asked.number, name=asked.name, by=by.username)


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
async def test_whose_token_was_revoked_while_a_body_was_held_back_gets_nothing_done(content_type: str) -> None:
    now = [0.0]
    identity = IdentityService(InMemoryIdentityStore(), SystemClock())
    await identity.create_user("alice", is_admin=False)
    token = await identity.create_token_of("alice", "mine", frozenset({Scope.JOBS_READ}), timedelta(hours=1))

    async def held_back(*, revoked: bool) -> AsyncIterator[bytes]:
        yield b'{"number": '
        now[0] += 60
        if revoked:
            await identity.revoke_token("alice", token.credential.id)
        yield b"2}"

    app = FastAPI(openapi_url=None)
    install_error_handlers(app)
    install_security(app, Security(identity, "http://site"))
    direct = DirectRoute("/direct", signed)
    app.router.routes.append(direct)
    app.add_middleware(ShortWay, routes=[direct], now_s=lambda: now[0])
    headers = {"authorization": f"Bearer {token.secret}", "content-type": content_type}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://site") as client:
        late = await client.post("/direct", content=held_back(revoked=False), headers=headers)
        too_late = await client.post("/direct", content=held_back(revoked=True), headers=headers)
    assert (late.status_code, too_late.status_code) == (200, 401)


def test_another_method_is_refused_as_on_the_usual_way() -> None:
    client = site()
    assert client.get("/direct").status_code == client.get("/usual").status_code == 405


def test_its_policy_is_looked_for_like_that_of_any_route() -> None:
    app = FastAPI(openapi_url=None)
    app.router.routes.append(DirectRoute("/direct", double))
    assert unguarded_routes(app) == ["/direct"]


@pytest.mark.parametrize("more", [Query(), Header(), Depends(lambda number: number)])
def test_an_endpoint_that_needs_more_of_the_request_is_refused_at_once(more: Any) -> None:
    async def needs_more(asked: Asked, number: Annotated[int, more]) -> Answered:
        raise AssertionError

    with pytest.raises(TypeError, match="/direct"):
        DirectRoute("/direct", needs_more)

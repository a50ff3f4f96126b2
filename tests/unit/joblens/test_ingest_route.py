"""The short way of what collectors send: whose request it is, is asked when the whole of it is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from ink_core.api.errors import install_error_handlers
from ink_core.api.security import Security, install_security
from ink_core.clock import SystemClock
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.principal import Scope
from ink_core.identity.service import IdentityService
from joblens.api.ingest_routes import ShortRoute
from joblens.api.parts import Node


async def test_of_a_collector_whose_token_was_revoked_while_a_body_was_held_back_nothing_is_taken() -> None:
    now, taken = [0.0], list[bytes]()
    identity = IdentityService(InMemoryIdentityStore(), SystemClock())
    await identity.create_user("node", is_admin=False)
    await identity.set_roles("node", is_admin=None, disabled=None, own_scopes=frozenset({Scope.LENS_WRITE}))
    token = await identity.create_token_of("node", "mine", frozenset({Scope.LENS_WRITE}), timedelta(hours=1))

    async def take(node: Node, request: Request) -> Response:
        taken.append(await request.body())
        return Response(node.username)

    async def held_back(*, revoked: bool) -> AsyncIterator[bytes]:
        yield b"half of it, "
        now[0] += 60
        if revoked:
            await identity.revoke_token("node", token.credential.id)
        yield b"and the rest"

    app = FastAPI(openapi_url=None)
    install_error_handlers(app)
    install_security(app, Security(identity, "http://site"))
    app.router.routes.append(ShortRoute("/batches", take, now_s=lambda: now[0]))
    headers = {"authorization": f"Bearer {token.secret}"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://site") as site:
        late = await site.post("/batches", content=held_back(revoked=False), headers=headers)
        too_late = await site.post("/batches", content=held_back(revoked=True), headers=headers)
    assert (late.status_code, too_late.status_code) == (200, 401)
    assert taken == [b"half of it, and the rest"]

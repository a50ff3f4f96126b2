"""The contract server's API tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi import FastAPI, Request, Response

from tests.web.contract_world import Json, World, now, stamp


def token_routes(app: FastAPI, world: World, user: Callable[[World, Request], str]) -> None:
    """`user` tells who asks, or raises."""

    @app.get("/api/v1/tokens")
    async def tokens(request: Request) -> list[Json]:
        return world.tokens.setdefault(user(world, request), [])

    @app.post("/api/v1/tokens", status_code=201)
    async def create_token(request: Request, body: Json) -> Json:
        expires = stamp(now() + timedelta(seconds=body["lifetime_s"]))
        token = {"id": world.identifier("t"), "name": body["name"], "scopes": sorted(body["scopes"])}
        row = {**token, "created_at": stamp(now()), "expires_at": expires, "last_used_at": None}
        row |= {"jobs": body["jobs"], "jobs_used": 0, "requests_per_minute": body["requests_per_minute"]}
        world.tokens.setdefault(user(world, request), []).insert(0, row)
        return {"id": token["id"], "token": f"ink_secret_of_{body['name']}", "expires_at": expires}

    @app.delete("/api/v1/tokens/{token_id}")
    async def revoke_token(request: Request, token_id: str) -> Response:
        own = world.tokens[user(world, request)]
        own[:] = [token for token in own if token["id"] != token_id]
        return Response(status_code=204)

"""The contract server's programs that sign a person in here and wait for a decision."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request

from tests.web.contract_world import Json, Problem, World


def consent_routes(app: FastAPI, world: World, user: Callable[[World, Request], str]) -> None:
    """`user` tells who asks, or raises. A decided request keeps its verdict, and is not offered again."""

    def waiting(request: Request, key: str) -> Json:
        user(world, request)
        asked = world.sign_ins.get(key)
        if asked is None or "verdict" in asked:
            raise Problem(404, "not_found", "This request is over or was decided on already.")
        return asked

    @app.get("/api/v1/authorization-requests/{key}")
    async def asked(request: Request, key: str) -> Json:
        return waiting(request, key)

    @app.post("/api/v1/authorization-requests/{key}")
    async def decide(request: Request, key: str, body: Json) -> Json:
        asked = waiting(request, key)
        asked["verdict"] = body["verdict"]
        return {"url": asked["url"]}

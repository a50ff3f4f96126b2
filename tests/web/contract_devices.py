"""The contract server's programs that wait for a person to confirm a code."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from tests.web.contract_world import Json, Problem, World


def device_routes(app: FastAPI, world: World, user: Callable[[World, Request], str]) -> None:
    """`user` tells who asks, or raises. A decided request keeps its verdict, and is not offered again."""

    def waiting(request: Request, code: str) -> Json:
        user(world, request)
        asked = world.devices.get(code.replace("-", "").upper())
        if asked is None or "verdict" in asked:
            raise Problem(404, "not_found", "No program waits under this code; codes live for ten minutes.")
        return asked

    @app.get("/api/v1/device-requests/{code}")
    async def asked(request: Request, code: str) -> Json:
        return waiting(request, code)

    @app.post("/api/v1/device-requests/{code}", status_code=204)
    async def decide(request: Request, code: str, body: Json) -> Response:
        waiting(request, code)["verdict"] = body["verdict"]
        return Response(status_code=204)

"""The manager's whole application: no route is without a policy, and nothing but a short list answers a stranger."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from ink_core.api.security import unguarded_routes
from tests.security.application import application, client

OPEN = {
    "/health",
    "/ready",
    "/version",
    "/status",
    "/data/health",
    "/data/ready",
    "/sign-in",
    "/sign-in/openid/{name}",
    "/sign-in/openid/{name}/callback",
    "/sign-in/kerberos",
    "/api/v1/auth/providers",
    "/api/v1/auth/device",
    "/api/v1/auth/device/token",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/oidc/.well-known/openid-configuration",
    "/oidc/jwks",
    "/oidc/authorize",
    "/oidc/token",
    "/oidc/device_authorization",
    "/oidc/revoke",
    "/shares/{token}",
    "/api/v1/apps/callback",
    "/api/v1/proxy/enter",
    "/api/v1/auth/login",
    "/api/v2/auth/create_token",
    "/api/v2/auth/create_and_get_token",
    "/assets/{name:path}",
    "/{path:path}",
}


async def test_every_route_names_its_policy(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        assert unguarded_routes(app, guarded_elsewhere=["/mcp"]) == []


@pytest.mark.requirement("CORE-AUTH-05")
async def test_a_stranger_is_refused_everywhere_but_at_the_door(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        routes = {
            (route.path or "", method) for route in iter_route_contexts(app.routes) for method in route.methods or ()
        }
        guarded = sorted((path, method) for path, method in routes if path not in OPEN)
        assert len(guarded) > 20
        for path, method in guarded:
            answer = await http.request(method, path.replace("{", "x").replace("}", "x"), json={})
            refused = answer.status_code == 401 or _refused_in_the_envelope(path, answer)
            assert refused, (method, path, answer.status_code, answer.text)


def _refused_in_the_envelope(path: str, answer: httpx2.Response) -> bool:
    """INK's clients get HTTP 200 and read the status in the body."""
    return path.startswith("/api/v2/") and (answer.json()["status"], answer.json()["data"]) == ("A02", None)


@pytest.mark.requirement("MCP-SERVER-02")
async def test_mcp_refuses_a_stranger_and_a_browser_session(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        identity = app.state.core.identity
        await identity.create_user("alice")
        code = (await identity.create_sign_in_code("alice")).secret
        cookie = (await identity.redeem_sign_in_code(code)).secret
        for headers in ({}, {"Authorization": "Bearer ink_nonsense"}, {"Cookie": f"ink_session={cookie}"}):
            answer = await http.post("/mcp", json={}, headers=headers)
            assert answer.status_code == 401


@pytest.mark.requirement("CORE-HEALTH-01")
async def test_the_open_service_routes_tell_nothing_of_users_and_metrics_ask_for_an_administrator(
    tmp_path: Path,
) -> None:
    async with application(tmp_path) as app, client(app) as http:
        await app.state.core.identity.create_user("somebody")
        for path in ("/health", "/ready", "/version"):
            answer = await http.get(path)
            assert answer.status_code == 200
            assert "somebody" not in answer.text
        assert (await http.get("/metrics")).status_code == 401

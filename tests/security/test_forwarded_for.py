"""Whose word about addresses counts: the server on a socket, asked from 127.0.0.1 as by a proxy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI, Request
from starlette.types import ASGIApp

from ink_core.api.security import client_address
from ink_core.identity.principal import Scope
from ink_core.identity.throttle import LIMIT
from ink_core.settings import SettingsError, load_settings
from manager.serve import bind, web_config
from tests.security.application import application

addresses = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@addresses.get("/")
async def who(request: Request) -> str:
    """The address that sign-in and limits count for."""
    return client_address(request)


@asynccontextmanager
async def served(app: ASGIApp, data: Path, **server: str) -> AsyncGenerator[httpx2.AsyncClient]:
    environment = {"INK_DATA_DIR": str(data), "INK_SERVER__PORT": "0"}
    settings = load_settings(environment={**environment, **{f"INK_SERVER__{k}": v for k, v in server.items()}})
    listening = bind(settings)
    listening.listen()
    running = uvicorn.Server(web_config(app, settings))
    task = asyncio.create_task(running.serve(sockets=[listening]))
    try:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with httpx2.AsyncClient(base_url=base, timeout=60) as http:
            yield http
    finally:
        running.should_exit = True
        await task


async def address_of(http: httpx2.AsyncClient, *forwarded_for: str) -> Any:
    return (await http.get("/", headers=[("X-Forwarded-For", value) for value in forwarded_for])).json()


@pytest.mark.requirement("CORE-AUTH-12")
@pytest.mark.parametrize("proxies", ["[]", '["10.1.2.3", "192.168.0.0/16"]'])
async def test_nobody_is_believed_who_is_not_configured(tmp_path: Path, proxies: str) -> None:
    async with served(addresses, tmp_path, TRUSTED_PROXIES=proxies) as http:
        assert await address_of(http, "203.0.113.7") == "127.0.0.1"
        assert await address_of(http, "10.1.2.3, 192.168.3.4") == "127.0.0.1"


@pytest.mark.requirement("CORE-AUTH-12")
@pytest.mark.parametrize("proxies", ['["127.0.0.1"]', '["127.0.0.0/8", "10.1.2.3"]'])
async def test_the_configured_proxy_is_believed_but_not_what_its_client_claims(tmp_path: Path, proxies: str) -> None:
    async with served(addresses, tmp_path, TRUSTED_PROXIES=proxies) as http:
        assert await address_of(http, "203.0.113.7") == "203.0.113.7"
        assert await address_of(http, "10.8.8.8, 127.0.0.1, 203.0.113.7") == "203.0.113.7"
        assert await address_of(http, "10.8.8.8", "203.0.113.7") == "203.0.113.7"


@pytest.mark.parametrize("wrong", ['["*"]', '["proxy.example"]', '["10.0.0.1/8"]', "true"])
def test_a_proxy_is_named_by_address_or_network(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingsError, match=r"server\.trusted_proxies"):
        load_settings(environment={"INK_DATA_DIR": str(tmp_path), "INK_SERVER__TRUSTED_PROXIES": wrong})


@pytest.mark.requirement("CORE-AUTH-08")
@pytest.mark.requirement("CORE-AUTH-12")
async def test_a_guesser_does_not_get_around_the_limit_by_inventing_addresses(tmp_path: Path) -> None:
    wrong = {"username": "alice", "password": "wrong password"}
    async with application(tmp_path) as app, served(app, tmp_path) as http:
        answers = [
            await http.post("/api/v1/auth/login", json=wrong, headers={"X-Forwarded-For": f"10.9.9.{number}"})
            for number in range(LIMIT + 1)
        ]
        assert [answer.status_code for answer in answers] == [401] * LIMIT + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 300


@pytest.mark.requirement("CORE-RATE-01")
async def test_the_served_application_throttles_one_token_and_serves_another(tmp_path: Path) -> None:
    limits = {"REQUESTS_PER_S": "0.001", "REQUEST_BURST": "3"}
    async with application(tmp_path) as app, served(app, tmp_path, **limits) as http:
        noisy, quiet = await bearer(app, "noisy"), await bearer(app, "quiet")
        assert [(await http.get("/api/v1/me", headers=noisy)).status_code for _ in range(2)] == [200, 200]
        assert (await http.get("/api/v1/me", headers=quiet)).status_code == 200
        third, fourth = [await http.get("/api/v1/me", headers=noisy) for _ in range(2)]
        assert (third.status_code, fourth.status_code, fourth.json()["code"]) == (200, 429, "throttled")
        assert 1 <= int(fourth.headers["retry-after"]) <= 1000
        assert fourth.headers["x-content-type-options"] == "nosniff"
        assert (await http.get("/api/v1/me", headers=quiet)).status_code == 200


async def bearer(app: FastAPI, username: str) -> dict[str, str]:
    identity = app.state.core.identity
    await identity.create_user(username)
    issued = await identity.create_token_of(username, "test", frozenset({Scope.JOBS_READ}), timedelta(hours=1))
    return {"Authorization": f"Bearer {issued.secret}"}

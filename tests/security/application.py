"""The manager's whole application in this process, over an empty data directory, and a client of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from fastapi import FastAPI
from starlette.types import ASGIApp

from ink_core.settings import load_settings
from ink_core.spawner.client import Spawner
from manager.api.app import create_app
from manager.composition import build
from manager.joblens.lens import OpenStore
from manager.mcp import mcp_endpoint
from tests.doubles.empty_database import put_empty_database


@asynccontextmanager
async def no_lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
    yield


@asynccontextmanager
async def application(
    data_dir: Path,
    environment: Mapping[str, str] | None = None,
    spawner: Spawner | None = None,
    open_traces: OpenStore | None = None,
) -> AsyncGenerator[FastAPI, None]:
    settings = load_settings(environment={"INK_DATA_DIR": str(data_dir), **(environment or {})})
    put_empty_database(settings.database.url)
    running = await build(settings, spawner=spawner, open_traces=open_traces)
    platform = running.platform
    mcp = mcp_endpoint(platform, "0", "http://site")
    try:
        app = create_app(platform, no_lifespan, mcp.app, public_url="http://site", page=data_dir, data_dir=data_dir)
        app.state.mcp = mcp
        yield app
    finally:
        await running.stop()


def client(app: ASGIApp) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://site")


async def signed_in(app: FastAPI, username: str, *, is_admin: bool = False) -> dict[str, str]:
    """Headers of a browser of this user, whose account is made."""
    identity = app.state.core.identity
    await identity.create_user(username, is_admin=is_admin)
    code = (await identity.create_sign_in_code(username)).secret
    cookie = (await identity.redeem_sign_in_code(code)).secret
    return {"Cookie": f"ink_session={cookie}", "Origin": "http://site"}

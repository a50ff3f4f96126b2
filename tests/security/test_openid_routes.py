"""The routes of signing in by a provider: cookies, addresses, and what a browser and a program are told."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2
import pytest

from ink_core.settings import SettingsError, load_settings
from tests.security.application import application, client

HTML = {"Accept": "text/html"}
PROVIDER = {"name": "campus", "title": "Campus", "issuer": "http://127.0.0.1:1", "client_id": "ink"}


def environment(**changes: object) -> dict[str, str]:
    return {"INK_SIGN_IN__OPENID": json.dumps([{**PROVIDER, **changes}])}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncGenerator[httpx2.AsyncClient]:
    async with application(tmp_path, environment()) as app, client(app) as http:
        yield http


@pytest.mark.requirement("CORE-AUTH-09")
async def test_a_provider_that_is_down_sends_people_back_to_the_page_and_tells_programs(
    http: httpx2.AsyncClient,
) -> None:
    page = await http.get("/sign-in/openid/campus", headers=HTML)
    assert (page.status_code, page.headers["location"]) == (303, "/?sign-in=provider_down")
    program = await http.get("/sign-in/openid/campus")
    assert (program.status_code, program.json()["code"], program.json()["retryable"]) == (503, "provider_down", True)


async def test_a_way_back_that_nobody_set_out_on_signs_nobody_in(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/sign-in/openid/campus/callback?state=x&code=y", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?sign-in=sign_in_expired")
    assert "set-cookie" not in answer.headers
    assert (await http.get("/sign-in/openid/campus/callback")).status_code == 401


async def test_another_provider_is_not_found(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/sign-in/openid/other")).status_code == 404


async def test_without_a_provider_there_is_none(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        assert (await http.get("/api/v1/auth/providers")).json() == []
        assert (await http.get("/sign-in/openid/campus")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://idp.example"},
        {"issuer": "https://idp.example?x=1"},
        {"scopes": ["profile"]},
        {"client_secret_file": "/a", "client_secret_env": "B"},
        {"name": "../x"},
        {"client_secret": "in the clear"},
    ],
)
def test_a_provider_that_cannot_be_trusted_is_refused_at_the_start(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=r"sign_in\.openid"):
        load_settings(environment={"INK_DATA_DIR": str(tmp_path), **environment(**wrong)})

"""Signing in at a real OpenID provider (the certified `oidc-provider` of npm): code flow with PKCE, end to end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi import FastAPI

from tests.oidc_provider.running import SECRET, running_provider, sign_in_there, why_no_provider
from tests.security.application import application, client

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requirement("CORE-AUTH-09"),
    pytest.mark.skipif(why_no_provider() is not None, reason=why_no_provider() or ""),
]
SITE = "http://127.0.0.1:8420"
CALLBACK = f"{SITE}/sign-in/openid/campus/callback"
HTML = {"Accept": "text/html"}


@asynccontextmanager
async def site(data: Path, issuer: str, accounts: str) -> AsyncGenerator[tuple[FastAPI, httpx2.AsyncClient]]:
    """The whole application, with this provider."""
    secret = data / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    provider = {
        "name": "campus",
        "title": "Campus",
        "issuer": issuer,
        "client_id": "ink",
        "client_secret_file": str(secret),
        "accounts": accounts,
    }
    environment = {"INK_SIGN_IN__OPENID": json.dumps([provider]), "INK_SERVER__PUBLIC_URL": SITE}
    async with application(data, environment) as app, client(app) as http:
        yield app, http


async def there_and_back(http: httpx2.AsyncClient, login: str | None) -> str:
    """The address that the browser comes back with."""
    begun = await http.get("/sign-in/openid/campus", headers=HTML)
    assert begun.status_code == 303, begun.text
    return await asyncio.to_thread(sign_in_there, begun.headers["location"], CALLBACK, login)


async def finished(http: httpx2.AsyncClient, back: str) -> str:
    """Where our page is after it; the session cookie is in the client."""
    parts = urlsplit(back)
    answer = await http.get(f"{parts.path}?{parts.query}", headers=HTML)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.parametrize("mode", ["userinfo", "id_token"])
async def test_who_signs_in_at_the_provider_is_signed_in_here(tmp_path: Path, mode: str) -> None:
    with running_provider(CALLBACK, mode) as issuer:
        async with site(tmp_path, issuer, "create") as (_, http):
            row = {"name": "campus", "title": "Campus", "url": "/sign-in/openid/campus"}
            assert (await http.get("/api/v1/auth/providers")).json() == [row]
            assert await finished(http, await there_and_back(http, "id-alice")) == "/"
            me = (await http.get("/api/v1/me")).json()
            assert (me["username"], me["is_admin"]) == ("alice", False)


async def test_the_way_back_counts_once_and_in_the_same_browser_only(tmp_path: Path) -> None:
    with running_provider(CALLBACK, "id_token") as issuer:
        async with site(tmp_path, issuer, "create") as (app, http), client(app) as thief:
            back = await there_and_back(http, "id-alice")
            assert await finished(thief, back) == "/?sign-in=sign_in_expired"
            assert await finished(http, back) == "/?sign-in=sign_in_expired", "the attempt used it up"
            second = await there_and_back(http, "id-alice")
            assert await finished(http, second) == "/"
            http.cookies.delete("ink_session")
            assert await finished(http, second) == "/?sign-in=sign_in_expired"
            assert (await http.get("/api/v1/me")).status_code == 401


async def test_who_has_no_account_is_refused_unless_the_site_makes_them(tmp_path: Path) -> None:
    with running_provider(CALLBACK, "id_token") as issuer:
        async with site(tmp_path, issuer, "existing") as (app, http):
            assert await finished(http, await there_and_back(http, "id-alice")) == "/?sign-in=unknown_user"
            await app.state.core.identity.create_user("alice")
            assert await finished(http, await there_and_back(http, "id-alice")) == "/"
            assert await finished(http, await there_and_back(http, "alice")) == "/?sign-in=unknown_user", (
                "another person"
            )


async def test_who_cancels_at_the_provider_is_told_so(tmp_path: Path) -> None:
    with running_provider(CALLBACK, "id_token") as issuer:
        async with site(tmp_path, issuer, "create") as (_, http):
            assert await finished(http, await there_and_back(http, None)) == "/?sign-in=sign_in_refused"

"""Programs that sign people in at INK's own issuer: a real client library (Authlib), and a person with a browser."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx2
from authlib.integrations.starlette_client import OAuth  # pyright: ignore[reportMissingTypeStubs]
from fastapi import FastAPI
from starlette.requests import Request

from tests.security.application import application, client, signed_in

SITE = "http://site"
DISCOVERY = f"{SITE}/oidc/.well-known/openid-configuration"
CALLBACK = "http://127.0.0.1:8765/callback"
CLIENTS = [
    {"name": "notebook", "title": "Analysis notebook", "redirect_uris": ["http://127.0.0.1/callback"]},
    {"name": "wiki", "title": "Wiki", "redirect_uris": ["https://wiki.example/cb?from=ink"], "scopes": []},
]
ENVIRONMENT = {"INK_SIGN_IN__CLIENTS": json.dumps(CLIENTS), "INK_SERVER__PUBLIC_URL": SITE}


@dataclass
class Site:
    """INK, and alice's browser at it."""

    app: FastAPI
    http: httpx2.AsyncClient
    alice: Mapping[str, str]

    async def decide(self, url: str, verdict: str = "approve", by: Mapping[str, str] | None = None) -> str:
        """Where the browser is after its person came to this address and decided."""
        sent = (await self.http.get(url)).headers["location"]
        assert sent.startswith(f"{SITE}/#/consent?request="), sent
        answer = await self.answer(sent.partition("=")[2], verdict, by)
        assert answer.status_code == 200, answer.text
        return answer.json()["url"]

    async def answer(self, request: str, verdict: str, by: Mapping[str, str] | None = None) -> httpx2.Response:
        path = f"/api/v1/authorization-requests/{request}"
        return await self.http.post(path, json={"verdict": verdict}, headers=by or self.alice)

    async def token(self, **form: str) -> httpx2.Response:
        return await self.http.post("/oidc/token", data=form)

    async def as_bearer(self, token: str, path: str = "/api/v1/me") -> httpx2.Response:
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"})


@asynccontextmanager
async def application_with_clients(data: Path) -> AsyncGenerator[FastAPI]:
    async with application(data, ENVIRONMENT) as app:
        yield app


@asynccontextmanager
async def site_of_new_alice(app: FastAPI) -> AsyncGenerator[Site]:
    """With nothing left of whoever had her name before."""
    identity = app.state.core.identity
    if "alice" in {user.username for user in await identity.users()}:
        await identity.remove_user("alice")
    async with client(app) as http:
        yield Site(app, http, await signed_in(app, "alice"))


class RelyingParty:
    """A client that is set up by the issuer's description alone. `session` is that of its browser."""

    def __init__(self, app: FastAPI, name: str, scope: str, callback: str = CALLBACK) -> None:
        options = {
            "scope": scope,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "none",
            "transport": httpx2.ASGITransport(app),
        }
        parties: Any = OAuth()
        self.session: dict[str, Any] = {}
        self.callback = callback
        self.oauth = parties.register("ink", client_id=name, server_metadata_url=DISCOVERY, client_kwargs=options)

    async def sets_out(self, **extra: str) -> str:
        """Where it sends the browser."""
        redirect = await self.oauth.authorize_redirect(self._request(""), self.callback, **extra)
        return cast(str, redirect.headers["location"])

    async def comes_back(self, url: str) -> dict[str, Any]:
        """The tokens, checked by the library, with the claims in `userinfo`; it raises what is wrong."""
        return await self.oauth.authorize_access_token(self._request(urlsplit(url).query))

    async def renewed(self, refresh_token: str) -> dict[str, Any]:
        metadata = await self.oauth.load_server_metadata()
        async with self.oauth._get_oauth_client(**metadata) as http:
            return await http.refresh_token(metadata["token_endpoint"], refresh_token=refresh_token)

    async def about(self, token: Mapping[str, Any]) -> dict[str, Any]:
        return dict(await self.oauth.userinfo(token=token))

    def _request(self, query: str) -> Request:
        scope = {"type": "http", "method": "GET", "path": "/callback", "query_string": query.encode(), "headers": []}
        return Request({**scope, "session": self.session})


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))

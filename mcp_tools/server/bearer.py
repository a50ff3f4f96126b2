"""Bearer tokens in front of the MCP server: no token, no answer. The found principal travels in the request's scope.

A message is whole before the server begins with it; of one that came late the token is looked at again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ink_core.api.bodies import LATE_S, again, whole
from ink_core.api.security import AUTHENTICATED, mark_of
from ink_core.identity.principal import Principal

PRINCIPAL = "ink.principal"
MAX_TOKEN_CHARACTERS = 512

Verify = Callable[[str], Awaitable[Principal | None]]
"""Whose token this is; None for one that is unknown, expired or revoked."""


class BearerGuard:
    """`challenge` is the `WWW-Authenticate` of a refusal."""

    def __init__(
        self, app: ASGIApp, verify: Verify, challenge: str, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._now_s = now_s
        self._challenge = challenge.encode()
        self._verify = verify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token, began = _bearer_token(Headers(scope=scope).get("authorization", "")), self._now_s()
        principal = await self._verify(token) if token else None
        if token and principal and scope.get("method") == "POST":
            body = await whole(receive)
            if body is None:
                return
            receive = again(body, receive)
            if self._now_s() - began > LATE_S:
                principal = await self._verify(token)
        if token is None or principal is None:
            await _refuse(send, "a valid token of this service is needed: Authorization: Bearer TOKEN", self._challenge)
            return
        scope[AUTHENTICATED] = mark_of(token)
        owner = _owner(principal.credential, principal.username)
        await self._app({**scope, PRINCIPAL: principal, "user": owner}, receive, send)


@lru_cache(1_000)
def _owner(credential: str, username: str) -> AuthenticatedUser:
    """Whom the SDK lets use a session: the credential that opened it."""
    held = AccessToken(token="", client_id=credential, scopes=[], subject=username)
    return AuthenticatedUser(held)


def _bearer_token(header: str) -> str | None:
    scheme, _, token = header.partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and 0 < len(token) <= MAX_TOKEN_CHARACTERS else None


async def _refuse(send: Send, detail: str, challenge: bytes) -> None:
    problem = {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": detail,
        "code": "unauthenticated",
    }
    body = json.dumps({**problem, "retryable": False}).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"www-authenticate", challenge),
    ]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": body})

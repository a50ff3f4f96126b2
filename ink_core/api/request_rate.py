"""A client that sends too much gets 429 `throttled` with `Retry-After`; the others notice nothing.

Pure ASGI, before anything is looked up: a client is the credential that it presents, or else its address. A credential
counts for itself once it was seen to be a real one. Until then its requests cost their address, so inventing
credentials gives nobody more. Limits: per process; a WebSocket counts once, when it opens.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable

from starlette.types import ASGIApp, Receive, Scope, Send

from ink_core.api.errors import problem_of
from ink_core.api.security import APP_COOKIE, AUTHENTICATED, COOKIE
from ink_core.errors import Throttled
from ink_core.identity.address import network_of
from ink_core.token_buckets import TokenBuckets

UNLIMITED = frozenset({"/health", "/ready", "/version"})
"""Answering these costs no more than refusing them."""
_CREDENTIALS = frozenset({b"authorization", b"ink-token"})
_COOKIES = tuple(f"{name}=".encode() for name in (COOKIE, APP_COOKIE))


class RequestRate:
    """ASGI middleware around the application. `per_second` and `burst` hold for each client."""

    def __init__(
        self, app: ASGIApp, per_second: float, burst: int, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._now_s = now_s
        self._credentials = TokenBuckets(per_second, burst)
        self._addresses = TokenBuckets(per_second, burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in UNLIMITED:
            await self._app(scope, receive, send)
            return
        credential = _credential(scope)
        if wait_s := self._wait_s(scope, credential):
            seconds = math.ceil(wait_s)
            refusal = Throttled(f"too many requests; try again in {seconds} s", retry_after_s=seconds)
            await problem_of(refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)
        if credential is not None and credential not in self._credentials and scope.get(AUTHENTICATED):
            self._credentials.take(credential, self._now_s())

    def _wait_s(self, scope: Scope, credential: Hashable | None) -> float:
        if credential in self._credentials:
            return self._credentials.take(credential, self._now_s())
        return self._addresses.take(_address(scope), self._now_s())


def _credential(scope: Scope) -> Hashable | None:
    """What tells one presented credential from another, without keeping it."""
    cookie = None
    for name, value in scope["headers"]:
        if name in _CREDENTIALS:
            return hash(value)
        if name == b"cookie" and (start := _start_of_cookie(value)) >= 0:
            cookie = hash(value[start:].partition(b";")[0])
    return cookie


def _start_of_cookie(value: bytes) -> int:
    return max(value.find(cookie) for cookie in _COOKIES)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return network_of(client[0]) if client else ""

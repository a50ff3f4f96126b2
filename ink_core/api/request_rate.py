"""A client that sends too much gets 429 `throttled` with `Retry-After`; the others notice nothing.

Pure ASGI, before anything is looked up: a client is the credential that it presents, or else its address. A credential
counts for itself once it was seen to be a real one. Until then its requests cost their address, so inventing
credentials gives nobody more, nor does presenting invented ones beside a real one. Limits: per process; a WebSocket
counts once, when it opens.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

from starlette.types import ASGIApp, Receive, Scope, Send

from ink_core.api.errors import problem_of
from ink_core.api.security import APP_COOKIE, AUTHENTICATED, COOKIE, SECURE_COOKIE, mark_of
from ink_core.errors import Throttled
from ink_core.identity.address import network_of
from ink_core.token_buckets import TokenBuckets

UNLIMITED = frozenset({"/health", "/ready", "/version"})
"""Answering these costs no more than refusing them."""
_COOKIES = frozenset({COOKIE, SECURE_COOKIE, APP_COOKIE})


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
        if wait_s := self._wait_s(scope):
            seconds = math.ceil(wait_s)
            refusal = Throttled(f"too many requests; try again in {seconds} s", retry_after_s=seconds)
            await problem_of(refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)
        proved = scope.get(AUTHENTICATED)
        if proved is not None and proved not in self._credentials:
            self._credentials.take(proved, self._now_s())

    def _wait_s(self, scope: Scope) -> float:
        known = next((mark for mark in _presented(scope) if mark in self._credentials), None)
        if known is not None:
            return self._credentials.take(known, self._now_s())
        return self._addresses.take(_address(scope), self._now_s())


def _presented(scope: Scope) -> Iterator[int]:
    """The marks of all that could be the credential."""
    for name, value in scope["headers"]:
        text: str = value.decode("latin-1")
        if name == b"ink-token":
            yield mark_of(text)
        elif name == b"authorization":
            yield mark_of(text.partition(" ")[2].strip())
        elif name == b"cookie":
            cookies = (each.partition("=") for each in text.split(";"))
            yield from (mark_of(secret.strip()) for cookie, _, secret in cookies if cookie.strip() in _COOKIES)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return network_of(client[0]) if client else ""

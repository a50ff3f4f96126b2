"""Security headers on every answer, and the content policy of the page with a nonce of its own per answer.

Pure ASGI: it adds headers to the first message of an answer and touches neither bodies nor streams.
"""

from __future__ import annotations

import secrets

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NONCE_PLACEHOLDER = "__NONCE__"
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
"""For everything that is not the page: even when a browser shows it, nothing in it runs."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "DENY",
}
_ADDED = tuple(
    (name.lower().encode(), value.encode())
    for name, value in {**HEADERS, "Content-Security-Policy": DATA_POLICY}.items()
)


class SecurityHeaders:
    """ASGI middleware around the whole application (outside its error handling), so that a 500 has them too.

    An answer that sets one of these headers itself keeps its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                given = list(message.get("headers", ()))
                own = {name.lower() for name, _ in given}
                message["headers"] = given + [header for header in _ADDED if header[0] not in own]
            await send(message)

        await self._app(scope, receive, with_headers)


def page_policy(nonce: str | None = None) -> str:
    """Content policy of a page: own scripts only, own styles and those with the nonce, no other origin, ever.

    The product's own page, which is the one with a nonce, may also start the worker that reads PDFs.
    """
    styles = f" 'nonce-{nonce}'" if nonce else ""
    workers = " ink-pdf-worker" if nonce else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self'{styles}",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            f"trusted-types svelte-trusted-html dompurify{workers}",
        )
    )


def page(html: str) -> HTMLResponse:
    """The page with a fresh nonce in place of `NONCE_PLACEHOLDER`."""
    nonce = secrets.token_urlsafe(16)
    headers = {"Content-Security-Policy": page_policy(nonce), "Cache-Control": "no-store"}
    return HTMLResponse(html.replace(NONCE_PLACEHOLDER, nonce), headers=headers)

"""Signing in with a Kerberos ticket: the browser is asked for one, and gets a session for it (RFC 4559)."""

from __future__ import annotations

import base64
import binascii

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from ink_core.api.core import CoreParts
from ink_core.api.errors import problem
from ink_core.api.security import PUBLIC, set_session_cookie
from ink_core.errors import InkError, NotFound, Unauthenticated

router = APIRouter(tags=["identity"], dependencies=[PUBLIC])
PATH = "/sign-in/kerberos"
SCHEME = "Negotiate"


@router.get(PATH, include_in_schema=False)
async def sign_in(request: Request, core: CoreParts) -> Response:
    """401 with a challenge, to which a browser or `curl --negotiate` answers with a ticket; then the page."""
    if core.kerberos is None:
        raise NotFound("this site takes no Kerberos tickets")
    scheme, _, ticket = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != SCHEME.lower():
        return _challenge("a Kerberos ticket is needed (kinit), and a browser that may send it here")
    try:
        issued, reply = await core.kerberos.sign_in(_decoded(ticket))
    except InkError as error:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        return RedirectResponse(f"/?sign-in={error.code}", 303, {"Cache-Control": "no-store"})
    headers = {"Cache-Control": "no-store"}
    if reply:
        headers["WWW-Authenticate"] = f"{SCHEME} {base64.b64encode(reply).decode()}"
    response = RedirectResponse("/", 303, headers)
    set_session_cookie(request, response, issued)
    return response


def _challenge(detail: str) -> Response:
    headers = {"WWW-Authenticate": SCHEME, "Cache-Control": "no-store"}
    return problem(401, Unauthenticated.code, detail, retryable=False, headers=headers)


def _decoded(ticket: str) -> bytes:
    """Nothing for what is no base64, which no acceptor takes."""
    try:
        return base64.b64decode(ticket, validate=True)
    except binascii.Error:
        return b""

"""Signing in by an OpenID provider: which there are, the way there, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from ink_core.api.core import CoreParts
from ink_core.api.kerberos_routes import PATH as KERBEROS
from ink_core.api.security import PUBLIC, client_address, is_secure, set_session_cookie
from ink_core.errors import InkError, NotFound
from ink_core.identity.openid.port import CameBack, OpenId

router = APIRouter(tags=["identity"], dependencies=[PUBLIC])
COOKIE = "ink_setting_out"
PATH = "/sign-in/openid"
COOKIE_S = 600
NO_STORE = {"Cache-Control": "no-store"}


class ProviderRow(BaseModel):
    """`url` is where a click on "Sign in with TITLE" leads."""

    name: str
    title: str
    url: str


@router.get("/api/v1/auth/providers")
async def list_providers(core: CoreParts) -> list[ProviderRow]:
    """Who else vouches for people, for the sign-in page."""
    titles: Mapping[str, str] = core.openid.titles if core.openid else {}
    rows = [ProviderRow(name=name, title=title, url=f"{PATH}/{name}") for name, title in titles.items()]
    return [*rows, ProviderRow(name="kerberos", title="Kerberos", url=KERBEROS)] if core.kerberos else rows


@router.get(PATH + "/{name}", include_in_schema=False)
async def begin(request: Request, core: CoreParts, name: str) -> Response:
    """Sends the browser to the provider, with a cookie by which it is known when it comes back."""
    try:
        url, browser = await _openid(core.openid).begin(name, client_address(request))
    except InkError as error:
        return _failed(request, error)
    response = RedirectResponse(url, 303, NO_STORE)
    secure = is_secure(request)
    response.set_cookie(COOKIE, browser, COOKIE_S, path=PATH, secure=secure, httponly=True, samesite="lax")
    return response


@router.get(PATH + "/{name}/callback", include_in_schema=False)
async def come_back(
    request: Request,
    core: CoreParts,
    name: str,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str | None, Query(max_length=4096)] = None,
    error: Annotated[str | None, Query(max_length=200)] = None,
    iss: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Where the provider sends the browser: the session cookie and the page, or the page with what went wrong."""
    back = CameBack(state=state, code=code, error=error, iss=iss)
    try:
        issued = await _openid(core.openid).finish(name, back, request.cookies.get(COOKIE, ""))
    except InkError as problem:
        return _failed(request, problem)
    response = RedirectResponse("/", 303, NO_STORE)
    response.delete_cookie(COOKIE, path=PATH)
    set_session_cookie(request, response, issued)
    return response


def _openid(openid: OpenId | None) -> OpenId:
    if openid is None:
        raise NotFound("this site has no provider of that name")
    return openid


def _failed(request: Request, error: InkError) -> Response:
    """People get back to the page, which has words for the code; programs get the problem document."""
    if "text/html" not in request.headers.get("accept", ""):
        raise error
    return RedirectResponse(f"/?sign-in={error.code}", 303, NO_STORE)

"""Routes of identity: sign in and out, who am I, and one's own tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.security import (
    PUBLIC,
    check_origin,
    client_address,
    forget_session_cookie,
    requires,
    security_of,
    session_cookie,
    set_session_cookie,
)
from ink_core.errors import Unauthenticated
from ink_core.identity.model import MAX_TOKEN_SECONDS, Credential, Limits
from ink_core.identity.principal import Principal, Scope

SignedIn = Annotated[Principal, requires()]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Login(Wire):
    username: str = Field(max_length=64)
    password: str = Field(max_length=1024, repr=False)


class NewToken(Limits):
    name: str = Field(min_length=1, max_length=100)
    scopes: frozenset[Scope] = Field(min_length=1)
    lifetime_s: int = Field(ge=1, le=MAX_TOKEN_SECONDS)


class TokenRow(Wire):
    """A token as its owner sees it later: never its secret."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    jobs: int | None
    jobs_used: int
    requests_per_minute: int | None


class ShownOnce(Wire):
    id: str
    token: str
    expires_at: datetime


def auth_router(describe: Callable[[Principal], BaseModel], described: type[BaseModel] | None = None) -> APIRouter:
    """The routes; `describe` makes the application's `Me`, a `described`, of a principal."""
    router = APIRouter(tags=["identity"])

    @router.post("/api/v1/auth/login", dependencies=[PUBLIC], response_model=described)
    async def login(request: Request, response: Response, body: Login) -> Any:
        """Sets the session cookie and answers who signed in."""
        if "origin" in request.headers:
            check_origin(request)
        identity = security_of(request).identity
        issued = await identity.login(body.username, body.password, client_address(request))
        set_session_cookie(request, response, issued)
        return describe(issued.principal)

    @router.post("/api/v1/auth/logout", status_code=204)
    async def logout(request: Request, response: Response, principal: SignedIn) -> None:
        """Ends the browser session."""
        await security_of(request).identity.logout(request.cookies.get(session_cookie(request), ""))
        forget_session_cookie(request, response)

    @router.get("/sign-in", dependencies=[PUBLIC], include_in_schema=False)
    async def sign_in(request: Request, code: Annotated[str, Query(max_length=128)]) -> Response:
        """One-time link: sets the cookie and goes to the page, which also says what to do when the link is used."""
        try:
            issued = await security_of(request).identity.redeem_sign_in_code(code)
        except Unauthenticated:
            if "text/html" in request.headers.get("accept", ""):
                return RedirectResponse("/?link=used", 303, {"Cache-Control": "no-store"})
            raise
        response = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
        set_session_cookie(request, response, issued)
        return response

    @router.get("/api/v1/me", response_model=described)
    async def who_am_i(principal: SignedIn) -> Any:
        """Who is signed in."""
        return describe(principal)

    router.include_router(_token_router())
    return router


def _token_router() -> APIRouter:
    router = APIRouter(prefix="/api/v1/tokens")

    @router.get("")
    async def list_tokens(request: Request, principal: SignedIn) -> list[TokenRow]:
        """Own tokens, newest first."""
        return [token_row(token) for token in await security_of(request).identity.tokens(principal.username)]

    @router.post("", status_code=201)
    async def create_token(request: Request, principal: SignedIn, body: NewToken) -> ShownOnce:
        """A new token; its secret is shown this once."""
        lifetime = timedelta(seconds=body.lifetime_s)
        identity = security_of(request).identity
        issued = await identity.create_token(principal, body.name, body.scopes, lifetime, _limits(body))
        return ShownOnce(id=issued.credential.id, token=issued.secret, expires_at=issued.credential.expires_at)

    @router.delete("/{token_id}", status_code=204)
    async def revoke_token(request: Request, principal: SignedIn, token_id: str) -> None:
        """Ends one of one's own tokens at once."""
        await security_of(request).identity.revoke_token(principal.username, token_id)

    return router


def _limits(new: NewToken) -> Limits:
    return Limits(jobs=new.jobs, requests_per_minute=new.requests_per_minute)


def token_row(token: Credential) -> TokenRow:
    return TokenRow(
        id=token.id,
        name=token.name,
        scopes=sorted(token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        jobs=token.jobs,
        jobs_used=token.jobs_used,
        requests_per_minute=token.requests_per_minute,
    )

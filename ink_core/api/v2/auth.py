"""`/api/v2/auth`: tokens by password, checks of tokens, permissions, accounts.

Tokens are stored hashed, so none can be shown again: `get_token` answers the token that the caller has sent, or makes
one for a browser session.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.ink_credentials import credential_of, ink_requires
from ink_core.api.security import PUBLIC, SAFE_METHODS, check_not_led_here, check_origin, client_address
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.errors import Forbidden
from ink_core.identity.model import CredentialKind, Issued, User
from ink_core.identity.principal import OPENS_APPS, USER_SCOPES, Principal, Scope

router = Area(prefix="/api/v2/auth", tags=["INK v2: auth"], route_class=InkRoute)
Caller = Annotated[Principal, ink_requires()]
AppUser = Annotated[Principal, ink_requires(*OPENS_APPS)]
Administrator = Annotated[Principal, ink_requires(Scope.ADMIN)]
Username = Annotated[str | None, Query(max_length=64)]
TOKEN_LIFETIME = timedelta(days=7)


class InkLogin(BaseModel):
    username: str = Field(max_length=64)
    password: str = Field(max_length=1024, repr=False)


class InkNewUser(BaseModel):
    username: str = Field(max_length=64)


@router.post("/create_token", dependencies=[PUBLIC])
@router.post("/create_and_get_token", dependencies=[PUBLIC])
@fails_with(Status.CREATE_TOKEN)
async def create_token(request: Request, core: CoreParts, body: InkLogin) -> Response:
    """A new token for who knows the password; wrong passwords are counted as on the page."""
    issued = await core.identity.token_by_password(body.username, body.password, client_address(request))
    return answer(_shown(issued))


@router.get("/get_token")
@fails_with(Status.CREATE_TOKEN)
async def get_token(request: Request, core: CoreParts, principal: Caller, username: Username = None) -> Response:
    """The caller's own token: the one sent along, or a new one for a browser session."""
    if username not in (None, principal.username):
        raise Forbidden("tokens are kept as hashes: each user asks for his own; an operator uses `ink token create`")
    secret, kind = credential_of(request)
    if kind is CredentialKind.TOKEN:
        return answer({"username": principal.username, "token": secret})
    check_not_led_here(request)
    scopes = principal.scopes & USER_SCOPES
    return answer(_shown(await core.identity.create_token(principal, "get_token", scopes, TOKEN_LIFETIME)))


@router.post("/validate_token")
@fails_with(Status.TOKEN_INVALID, by_http=True)
async def validate_token(principal: Caller) -> Response:
    """HTTP 401 for a token that does not count."""
    return answer({"username": principal.username, "valid": True})


@router.get("/auth_request", status_code=204)
@fails_with(Status.TOKEN_INVALID, by_http=True)
async def auth_request(request: Request, principal: AppUser) -> Response:
    """For nginx: 204 and whose request it is, else 401, or 403 for a credential that may not open apps.

    With `X-Original-Method` a change with a browser session must come from a page of this site, as everywhere.
    """
    _, kind = credential_of(request)
    if kind is CredentialKind.SESSION and request.headers.get("x-original-method", "GET") not in SAFE_METHODS:
        check_origin(request)
    return Response(status_code=204, headers={"X-Auth-Request-User": principal.username, "Cache-Control": "no-store"})


@router.get("/get_permission")
@fails_with(Status.PERMISSIONS)
async def get_permission(core: CoreParts, principal: Caller, username: Username = None) -> Response:
    """The words that say what a user may use."""
    user = await _user(core, principal, username)
    return answer(_permissions(user, await core.identity.groups.permissions(user.groups)))


@router.post("/create_user")
@fails_with(Status.CREATE_USER)
async def create_user(core: CoreParts, principal: Administrator, body: InkNewUser) -> Response:
    """An account without a password: its user signs in by a link or by the site's own sign-in."""
    return answer(shown_user(await core.administration.create_user(principal, body.username, None, is_admin=False)))


@router.get("/get_user")
@fails_with(Status.GET_USER)
async def get_user(core: CoreParts, principal: Caller, username: Username = None) -> Response:
    """One account."""
    return answer(shown_user(await _user(core, principal, username)))


async def _user(core: CoreParts, principal: Principal, username: str | None) -> User:
    """Oneself; another user for an administrator only. Raises `Forbidden` or `NotFound`."""
    wanted = username or principal.username
    if wanted != principal.username and not principal.administers:
        raise Forbidden("only an administrator may ask about another user")
    return await core.identity.user(wanted)


def _shown(issued: Issued) -> dict[str, Any]:
    credential = issued.credential
    return {"username": credential.username, "token": issued.secret, "expires_at": credential.expires_at}


def _permissions(user: User, of_groups: frozenset[str]) -> dict[str, Any]:
    words = {"cpu", "admin"} if user.is_admin else {"cpu"}
    return {
        "permissions": sorted(words | of_groups),
        "default": "cpu",
        "identity": ["admin" if user.is_admin else "user"],
    }


def shown_user(user: User) -> dict[str, Any]:
    return {"username": user.username, "is_admin": user.is_admin, "disabled": user.disabled}

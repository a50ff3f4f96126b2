"""What administrators see and end of accounts beside their roles: everybody's tokens, and one-time sign-in links."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.auth_routes import TokenRow, token_row
from ink_core.api.core import CoreParts
from ink_core.api.security import requires, security_of
from ink_core.identity.principal import Principal, Scope

router = Area(prefix="/api/v1/admin", tags=["administration"])
Admin = Annotated[Principal, requires(Scope.ADMIN)]


class OwnedToken(TokenRow):
    username: str


class TokenPage(BaseModel):
    tokens: list[OwnedToken]
    next_cursor: str | None


class SignInLink(BaseModel):
    """Signs its user in once. Whoever has it is that user: hand it over in person, or by a way as safe."""

    url: str
    expires_at: datetime


@router.get("/tokens")
async def list_all_tokens(
    principal: Admin,
    core: CoreParts,
    q: Annotated[str, Query(max_length=64, description="Part of the owner's name.")] = "",
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> TokenPage:
    """Those that still count, by owner; never a secret."""
    username, _, token_id = cursor.partition(":")
    found = await core.identity.some_tokens(q, (username, token_id), limit + 1)
    shown = [OwnedToken(username=one.username, **token_row(one).model_dump()) for one in found[:limit]]
    more = f"{shown[-1].username}:{shown[-1].id}" if len(found) > limit else None
    return TokenPage(tokens=shown, next_cursor=more)


@router.delete("/tokens/{username}/{token_id}", status_code=204)
async def revoke_token_of(username: str, token_id: str, principal: Admin, core: CoreParts) -> None:
    """Ends it at once."""
    await core.administration.revoke_token(principal, username, token_id)


@router.post("/users/{username}/sign-in-link", status_code=201)
async def create_sign_in_link(username: str, request: Request, principal: Admin, core: CoreParts) -> SignInLink:
    """From a browser session only, and for nobody who has rights of administrators."""
    issued = await core.administration.create_sign_in_link(principal, username)
    url = f"{security_of(request).public_url}/sign-in?code={issued.secret}"
    return SignInLink(url=url, expires_at=issued.credential.expires_at)

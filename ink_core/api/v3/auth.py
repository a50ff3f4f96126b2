"""`/api/v3/auth`: whose token this is, and what it may be used for; and `/api/v3/status`."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from ink_core.api.core import CoreParts
from ink_core.api.v3.bearer import bearer_requires
from ink_core.identity.principal import Principal, Scope

router = APIRouter(prefix="/api/v3", tags=["INK v3"])
Caller = Annotated[Principal, bearer_requires()]


class Validated(BaseModel):
    valid: Literal[True] = True
    username: str


class UserInfo(BaseModel):
    """`sub` is the username, which never goes to somebody else."""

    sub: str
    preferred_username: str
    groups: list[str]
    scopes: list[Scope]


class TokenScopes(BaseModel):
    username: str
    scopes: list[Scope]


@router.post("/auth/validate")
async def validate_token(principal: Caller) -> Validated:
    """401 for a token that does not count."""
    return Validated(username=principal.username)


@router.get("/auth/userinfo")
async def get_userinfo(principal: Caller, core: CoreParts) -> UserInfo:
    """In the words of OpenID Connect."""
    user = await core.identity.user(principal.username)
    return UserInfo(
        sub=user.username, preferred_username=user.username, groups=list(user.groups), scopes=sorted(principal.scopes)
    )


@router.get("/auth/permissions")
async def get_permissions(principal: Caller) -> TokenScopes:
    """What this token may be used for."""
    return TokenScopes(username=principal.username, scopes=sorted(principal.scopes))


@router.get("/status/health")
async def get_health(principal: Caller) -> dict[str, str]:
    """The service answers."""
    return {"status": "ok"}

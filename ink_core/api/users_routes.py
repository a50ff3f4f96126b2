"""Users over REST, for administrators: list, create, lock, change, delete."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.security import requires
from ink_core.identity.administration import UserChange
from ink_core.identity.groups import permissions_of
from ink_core.identity.model import Group, User
from ink_core.identity.principal import Principal, Scope

router = Area(prefix="/api/v1/users", tags=["administration"])
Admin = Annotated[Principal, requires(Scope.ADMIN)]


class NewUser(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=64)
    password: str | None = Field(default=None, max_length=1024, repr=False)
    is_admin: bool = False


class UserRow(BaseModel):
    """`scopes` is all that the user may do, `permissions` the words that the groups give."""

    username: str
    is_admin: bool
    disabled: bool
    created_at: datetime
    scopes: list[Scope]
    groups: list[str]
    permissions: list[str]


class UserPage(BaseModel):
    users: list[UserRow]
    next_cursor: str | None


@router.get("")
async def list_users(
    principal: Admin,
    core: CoreParts,
    q: Annotated[str, Query(max_length=64, description="Part of the name.")] = "",
    cursor: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> UserPage:
    """By name."""
    found = await core.identity.some_users(q, cursor, limit + 1)
    groups = await core.identity.groups.all()
    last = found[limit - 1].username if len(found) > limit else None
    return UserPage(users=[_row(user, groups) for user in found[:limit]], next_cursor=last)


@router.post("", status_code=201)
async def create_user(new: NewUser, principal: Admin, core: CoreParts) -> UserRow:
    """Without a password the user signs in by one-time link, or by the site's provider."""
    made = await core.administration.create_user(principal, new.username, new.password, is_admin=new.is_admin)
    return _row(made, ())


@router.get("/{username}")
async def get_user(username: str, principal: Admin, core: CoreParts) -> UserRow:
    """One account."""
    return _row(await core.identity.user(username), await core.identity.groups.all())


@router.patch("/{username}")
async def change_user(username: str, change: UserChange, principal: Admin, core: CoreParts) -> UserRow:
    """`disabled` locks the account: no credential of it counts, and what is live of it ends."""
    changed = await core.administration.change_user(principal, username, change)
    return _row(changed, await core.identity.groups.all())


@router.delete("/{username}", status_code=204)
async def delete_user(username: str, principal: Admin, core: CoreParts) -> None:
    """What is live of the user ends; what is on record stays under the name."""
    await core.administration.delete_user(principal, username)


def _row(user: User, groups: Collection[Group]) -> UserRow:
    return UserRow(
        username=user.username,
        is_admin=user.is_admin,
        disabled=user.disabled,
        created_at=user.created_at,
        scopes=sorted(user.scopes),
        groups=list(user.groups),
        permissions=sorted(permissions_of(user.groups, groups)),
    )

"""`/api/v2/admin`: accounts and the permissions of groups, for administrators.

Each change is on record before it is made. Limits: names of users do not change, and permissions come by groups only,
so INK's routes for both are not there; neither is one for the token of another user, which nobody can know.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from ink_core.api.core import Core, CoreParts
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.v2.auth import shown_user
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.errors import BadInput
from ink_core.identity.model import MAX_PERMISSIONS, PERMISSION, Group, User
from ink_core.identity.principal import Principal, Scope

router = APIRouter(prefix="/api/v2/admin", tags=["INK v2: admin"], route_class=InkRoute)
Administrator = Annotated[Principal, ink_requires(Scope.ADMIN)]
Username = Annotated[str, Query(min_length=1, max_length=64)]
MOST_USERS = 10_000


class InkAccount(BaseModel):
    """`uid` is not read: the site's own directory says which uid a name has."""

    username: str = Field(max_length=64)
    password: str | None = Field(default=None, max_length=1024, repr=False)


class InkNamed(BaseModel):
    username: str = Field(max_length=64)


class InkGroupPermission(BaseModel):
    group_name: str = Field(max_length=64)
    permission: str = Field(pattern=PERMISSION)


@router.get("/get_user")
@fails_with(Status.GET_USER)
async def get_user(core: CoreParts, principal: Administrator, username: Username) -> Response:
    """One account."""
    return answer(shown_user(await core.identity.user(username)))


@router.get("/list_users")
@fails_with(Status.GET_USER)
async def list_users(core: CoreParts, principal: Administrator) -> Response:
    """By name, at most 10,000; `/api/v1/users` has pages."""
    return answer([shown_user(user) for user in (await core.identity.users())[:MOST_USERS]])


@router.post("/create_user")
@fails_with(Status.CREATE_USER)
async def create_user(core: CoreParts, principal: Administrator, body: InkAccount) -> Response:
    """Without a password the user signs in by a link or by the site's own sign-in."""
    made = await core.administration.create_user(principal, body.username, body.password, is_admin=False)
    return answer({"username": made.username})


@router.post("/delete_user")
@fails_with(Status.GET_USER)
async def delete_user(core: CoreParts, principal: Administrator, body: InkNamed) -> Response:
    """With all credentials; never oneself, nor the last administrator."""
    await core.administration.delete_user(principal, body.username)
    return answer({"username": body.username})


@router.get("/get_user_permissions")
@fails_with(Status.PERMISSIONS)
async def get_user_permissions(core: CoreParts, principal: Administrator, username: Username) -> Response:
    """The words that the user's groups give."""
    user = await core.identity.user(username)
    return answer(sorted(_words_of(user, await core.identity.groups.all())))


@router.get("/list_permissions")
@fails_with(Status.PERMISSIONS)
async def list_permissions(core: CoreParts, principal: Administrator) -> Response:
    """All words that some group gives."""
    words = {word for group in await core.identity.groups.all() for word in group.permissions}
    return answer([{"permission": word} for word in sorted(words)])


@router.get("/get_users_by_permission")
@fails_with(Status.PERMISSIONS)
async def get_users_by_permission(
    core: CoreParts, principal: Administrator, permission: Annotated[str, Query(min_length=1, max_length=64)]
) -> Response:
    """Names of the members of the groups that give it."""
    found = [group.name for group in await core.identity.groups.all() if permission in group.permissions]
    names = {name for group in found for name in await core.identity.groups.members(group)}
    return answer(sorted(names))


@router.get("/list_group_permissions")
@fails_with(Status.PERMISSIONS)
async def list_group_permissions(
    core: CoreParts, principal: Administrator, group: Annotated[str | None, Query(max_length=64)] = None
) -> Response:
    """Of one group, or of all."""
    groups = [one for one in await core.identity.groups.all() if group in (None, one.name)]
    pairs = [(one.name, word) for one in groups for word in sorted(one.permissions)]
    return answer([{"group_name": name, "permission": word} for name, word in pairs])


@router.post("/add_group_permission")
@fails_with(Status.PERMISSIONS)
async def add_group_permission(core: CoreParts, principal: Administrator, body: InkGroupPermission) -> Response:
    """Counts at once for all members."""
    group = await core.identity.groups.get(body.group_name)
    return await _with_words(core, principal, group, group.permissions | {body.permission}, body)


@router.post("/delete_group_permission")
@fails_with(Status.PERMISSIONS)
async def delete_group_permission(core: CoreParts, principal: Administrator, body: InkGroupPermission) -> Response:
    """Counts at once for all members; one that the group does not give is fine."""
    group = await core.identity.groups.get(body.group_name)
    return await _with_words(core, principal, group, group.permissions - {body.permission}, body)


async def _with_words(
    core: Core, principal: Principal, group: Group, words: frozenset[str], body: InkGroupPermission
) -> Response:
    if len(words) > MAX_PERMISSIONS:
        raise BadInput(f"a group gives at most {MAX_PERMISSIONS} permissions")
    await core.administration.change_group(principal, group.model_copy(update={"permissions": words}))
    return answer(body.model_dump())


def _words_of(user: User, groups: Collection[Group]) -> set[str]:
    return {word for group in groups if group.name in user.groups for word in group.permissions}

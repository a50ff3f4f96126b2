"""Groups over REST, for administrators: list, create, change, delete, and who is in them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.security import requires
from ink_core.identity.groups import MAX_DESCRIPTION
from ink_core.identity.model import MAX_PERMISSIONS, PERMISSION, Group
from ink_core.identity.principal import Principal, Scope

router = Area(prefix="/api/v1/groups", tags=["administration"])
Admin = Annotated[Principal, requires(Scope.ADMIN)]
Description = Annotated[str, Field(max_length=MAX_DESCRIPTION)]
Permissions = Annotated[
    frozenset[Annotated[str, Field(pattern=PERMISSION)]],
    Field(max_length=MAX_PERMISSIONS, description="Words that clients ask for, such as gpu or job_lens."),
]
Scopes = Annotated[frozenset[Scope], Field(description="What members may do beyond what every user may.")]


class GroupChange(BaseModel):
    """What is None stays as it is."""

    model_config = ConfigDict(extra="forbid")

    description: Description | None = None
    permissions: Permissions | None = None
    scopes: Scopes | None = None


class NewGroup(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=64)
    description: Description = ""
    permissions: Permissions = frozenset()
    scopes: Scopes = frozenset()


class GroupRow(BaseModel):
    name: str
    description: str
    permissions: list[str]
    scopes: list[Scope]
    created_at: datetime


class GroupDetails(GroupRow):
    members: list[str]


@router.get("")
async def list_groups(principal: Admin, core: CoreParts) -> list[GroupRow]:
    """By name."""
    return [GroupRow(**_shown(group)) for group in await core.identity.groups.all()]


@router.post("", status_code=201)
async def create_group(new: NewGroup, principal: Admin, core: CoreParts) -> GroupRow:
    """A group without members."""
    group = Group(**new.model_dump(), created_at=core.clock.now())
    return GroupRow(**_shown(await core.administration.create_group(principal, group)))


@router.get("/{name}")
async def get_group(name: str, principal: Admin, core: CoreParts) -> GroupDetails:
    """One group and who is in it."""
    group = await core.identity.groups.get(name)
    return GroupDetails(**_shown(group), members=list(await core.identity.groups.members(name)))


@router.patch("/{name}")
async def change_group(name: str, change: GroupChange, principal: Admin, core: CoreParts) -> GroupRow:
    """Counts at once for all members."""
    present = await core.identity.groups.get(name)
    wanted = present.model_copy(update=change.model_dump(exclude_none=True))
    return GroupRow(**_shown(await core.administration.change_group(principal, wanted)))


@router.delete("/{name}", status_code=204)
async def delete_group(name: str, principal: Admin, core: CoreParts) -> None:
    """Its members stay users and lose what it gave them, at once."""
    await core.administration.delete_group(principal, name)


@router.put("/{name}/members/{username}", status_code=204)
async def add_member(name: str, username: str, principal: Admin, core: CoreParts) -> None:
    """Counts at once, also for credentials in use; does nothing for who is a member."""
    await core.administration.add_member(principal, name, username)


@router.delete("/{name}/members/{username}", status_code=204)
async def remove_member(name: str, username: str, principal: Admin, core: CoreParts) -> None:
    """Counts at once, also for credentials in use."""
    await core.administration.remove_member(principal, name, username)


def _shown(group: Group) -> dict[str, Any]:
    return {
        **group.model_dump(),
        "permissions": sorted(group.permissions),
        "scopes": sorted(group.scopes),
    }

"""Groups: what members may do beyond what everybody may, and words that clients ask for. Changes count at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence

from ink_core.errors import BadInput, NotFound
from ink_core.identity.group_store import GroupStore
from ink_core.identity.model import Group, checked_group_name
from ink_core.identity.principal import Scope

MAX_DESCRIPTION = 500


class Groups:
    """Part of `IdentityService`; `changed` is called when somebody's scopes may have changed."""

    def __init__(self, store: GroupStore, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed

    async def add(self, group: Group) -> None:
        """Raises `Conflict`, or `BadInput`, also for the scope `admin`: that one is a user's own."""
        await asyncio.to_thread(self._store.add, _checked(group))

    async def put(self, group: Group) -> None:
        """Replaces what the group gives. Raises `NotFound` or `BadInput`."""
        await asyncio.to_thread(self._store.put, _checked(group))
        self._changed()

    async def all(self) -> Sequence[Group]:
        return await asyncio.to_thread(self._store.all)

    async def get(self, name: str) -> Group:
        """Raises `NotFound`."""
        group = await asyncio.to_thread(self._store.get, name)
        if group is None:
            raise NotFound(f"there is no group {name[:64]}")
        return group

    async def remove(self, name: str) -> None:
        """Its members stay users. Raises `NotFound`."""
        await asyncio.to_thread(self._store.remove, name)
        self._changed()

    async def members(self, name: str) -> Sequence[str]:
        """Raises `NotFound`."""
        await self.get(name)
        return await asyncio.to_thread(self._store.members, name)

    async def add_member(self, name: str, username: str) -> None:
        """Does nothing for who is one. Raises `NotFound`."""
        await asyncio.to_thread(self._store.add_member, name, username)
        self._changed()

    async def remove_member(self, name: str, username: str) -> None:
        """Raises `NotFound`."""
        await asyncio.to_thread(self._store.remove_member, name, username)
        self._changed()

    async def permissions(self, names: Sequence[str]) -> frozenset[str]:
        """All words that groups of these names give."""
        return permissions_of(names, await self.all())


def permissions_of(names: Collection[str], groups: Iterable[Group]) -> frozenset[str]:
    """All words that those of the groups give that have one of these names."""
    return frozenset(word for group in groups if group.name in names for word in group.permissions)


def _checked(group: Group) -> Group:
    checked_group_name(group.name)
    if Scope.ADMIN in group.scopes:
        raise BadInput("a group cannot give the scope admin; make the user an administrator")
    return group

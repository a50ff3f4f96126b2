"""The shipped double of `GroupStore`: all in memory, beside `InMemoryIdentityStore`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ink_core.errors import Conflict, NotFound
from ink_core.identity.model import Group, User


class InMemoryGroups:
    """Implements `GroupStore`."""

    def __init__(self, is_user: Callable[[str], bool]) -> None:
        self._is_user = is_user
        self._groups: dict[str, Group] = {}
        self._members: dict[str, set[str]] = {}

    def add(self, group: Group) -> None:
        if self._groups.setdefault(group.name, group) is not group:
            raise Conflict(f"there is a group {group.name} already")
        self._members[group.name] = set()

    def put(self, group: Group) -> None:
        self._require(group.name)
        self._groups[group.name] = group

    def get(self, name: str) -> Group | None:
        return self._groups.get(name)

    def all(self) -> Sequence[Group]:
        return [self._groups[name] for name in sorted(self._groups)]

    def remove(self, name: str) -> None:
        self._require(name)
        del self._groups[name], self._members[name]

    def members(self, name: str) -> Sequence[str]:
        return sorted(self._members.get(name, ()))

    def add_member(self, name: str, username: str) -> None:
        self._require(name)
        if not self._is_user(username):
            raise NotFound(f"there is no user {username}")
        self._members[name].add(username)

    def remove_member(self, name: str, username: str) -> None:
        if username not in self._members.get(name, ()):
            raise NotFound(f"{username} is no member of {name}")
        self._members[name].remove(username)

    def forget(self, username: str) -> None:
        """Takes a user who is removed out of all groups."""
        for members in self._members.values():
            members.discard(username)

    def completed(self, user: User) -> User:
        """The user with what the groups say."""
        names = tuple(name for name in sorted(self._groups) if user.username in self._members[name])
        granted = frozenset(scope for name in names for scope in self._groups[name].scopes)
        return user.model_copy(update={"groups": names, "granted": granted})

    def _require(self, name: str) -> None:
        if name not in self._groups:
            raise NotFound(f"there is no group {name}")

"""The seam to where groups and their members are kept. Blocking; `Groups` calls it in threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ink_core.identity.model import Group


class GroupStore(Protocol):
    def add(self, group: Group) -> None:
        """Raises `Conflict` when there is a group of that name."""
        ...

    def put(self, group: Group) -> None:
        """Replaces what the group gives; its members stay. Raises `NotFound`."""
        ...

    def get(self, name: str) -> Group | None: ...

    def all(self) -> Sequence[Group]:
        """All groups by name."""
        ...

    def remove(self, name: str) -> None:
        """Its members stay users. Raises `NotFound`."""
        ...

    def members(self, name: str) -> Sequence[str]:
        """Usernames, sorted; none for a group that is not there."""
        ...

    def add_member(self, name: str, username: str) -> None:
        """Does nothing for who is one. Raises `NotFound` when there is no such group or no such user."""
        ...

    def remove_member(self, name: str, username: str) -> None:
        """Raises `NotFound` for who is no member."""
        ...

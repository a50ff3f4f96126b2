"""Groups and memberships in the database. Its tables are made by `ink_core/migrations`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Row, String, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.selectable import ScalarSelect

from ink_core.db import Database, Utc, metadata
from ink_core.errors import Conflict, NotFound
from ink_core.identity.model import Group
from ink_core.identity.principal import Scope

groups = Table(
    "user_groups",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("description", String(500), nullable=False),
    Column("permissions", String(4000), nullable=False),
    Column("scopes", String(500), nullable=False),
    Column("created_at", Utc, nullable=False),
)
members = Table(
    "group_members",
    metadata,
    Column("name", String(32), ForeignKey("user_groups.name", ondelete="CASCADE"), primary_key=True),
    Column("username", String(32), ForeignKey("users.username", ondelete="CASCADE"), primary_key=True),
    Index(None, "username"),
)


def of_user(column: Column[str], username: Column[str]) -> ScalarSelect[str]:
    """That column of all groups of a user, joined by spaces: a column for a query on users."""
    mine = select(func.aggregate_strings(column, " ")).select_from(groups.join(members))
    return mine.where(members.c.username == username).scalar_subquery()


class SqlGroups:
    """Implements `GroupStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, group: Group) -> None:
        try:
            with self._database.write() as connection:
                connection.execute(insert(groups).values(_row(group)))
        except IntegrityError:
            raise Conflict(f"there is a group {group.name} already") from None

    def put(self, group: Group) -> None:
        changed = update(groups).where(groups.c.name == group.name).values(_row(group))
        with self._database.write() as connection:
            if connection.execute(changed).rowcount == 0:
                raise NotFound(f"there is no group {group.name}")

    def get(self, name: str) -> Group | None:
        with self._database.read() as connection:
            row = connection.execute(select(groups).where(groups.c.name == name)).first()
        return _group(row) if row else None

    def all(self) -> Sequence[Group]:
        with self._database.read() as connection:
            return [_group(row) for row in connection.execute(select(groups).order_by(groups.c.name))]

    def remove(self, name: str) -> None:
        with self._database.write() as connection:
            if connection.execute(delete(groups).where(groups.c.name == name)).rowcount == 0:
                raise NotFound(f"there is no group {name}")

    def members(self, name: str) -> Sequence[str]:
        query = select(members.c.username).where(members.c.name == name).order_by(members.c.username)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def add_member(self, name: str, username: str) -> None:
        pair = (members.c.name == name) & (members.c.username == username)
        try:
            with self._database.write() as connection:
                if connection.execute(select(members).where(pair)).first() is None:
                    connection.execute(insert(members).values(name=name, username=username))
        except IntegrityError:
            raise NotFound(f"there is no group {name}, or no user {username}") from None

    def remove_member(self, name: str, username: str) -> None:
        pair = (members.c.name == name) & (members.c.username == username)
        with self._database.write() as connection:
            if connection.execute(delete(members).where(pair)).rowcount == 0:
                raise NotFound(f"{username} is no member of {name}")


def _row(group: Group) -> dict[str, Any]:
    words = {"permissions": " ".join(sorted(group.permissions)), "scopes": " ".join(sorted(group.scopes))}
    return {**group.model_dump(), **words}


def _group(row: Row[*tuple[Any, ...]]) -> Group:
    return Group(
        name=row.name,
        description=row.description,
        permissions=frozenset(row.permissions.split()),
        scopes=frozenset(Scope(word) for word in row.scopes.split()),
        created_at=row.created_at,
    )

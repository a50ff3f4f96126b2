"""Grants to clients in the database. Their table is made by `ink_core/migrations`; it goes with the credentials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Row, String, Table, UniqueConstraint, insert, select, update

from ink_core.db import Database, Utc, metadata
from ink_core.identity.grant_store import Grant
from ink_core.identity.principal import Scope

grants = Table(
    "client_grants",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("username", String(32), ForeignKey("users.username", ondelete="CASCADE"), nullable=False),
    Column("client_id", String(64), nullable=False),
    Column("scopes", String(500), nullable=False),
    Column("words", String(100), nullable=False),
    Column("access_id", String(32), ForeignKey("credentials.id", ondelete="CASCADE"), nullable=False),
    Column("signed_in_at", Utc),
    Column("expires_at", Utc, nullable=False),
    Column("family", String(64)),
    Column("refresh", String(64)),
    UniqueConstraint("family"),
    UniqueConstraint("access_id"),
    Index(None, "username", "client_id"),
)


class SqlGrants:
    """Implements `GrantStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, grant: Grant, family: str | None, refresh: str | None, *, keep: int) -> Sequence[Grant]:
        alike = (grants.c.username == grant.username) & (grants.c.client_id == grant.client_id)
        newest_first = select(grants).where(alike).order_by(grants.c.expires_at.desc(), grants.c.id)
        with self._database.write() as connection:
            connection.execute(insert(grants).values(_row(grant) | {"family": family, "refresh": refresh}))
            return [_grant(row) for row in connection.execute(newest_first.offset(keep))]

    def of_family(self, family: str) -> tuple[Grant, str] | None:
        with self._database.read() as connection:
            row = connection.execute(select(grants).where(grants.c.family == family)).first()
        return (_grant(row), row.refresh) if row else None

    def of_access(self, access_id: str) -> Grant | None:
        with self._database.read() as connection:
            row = connection.execute(select(grants).where(grants.c.access_id == access_id)).first()
        return _grant(row) if row else None

    def rotate(self, grant_id: str, old: str, new: str) -> bool:
        same = (grants.c.id == grant_id) & (grants.c.refresh == old)
        with self._database.write() as connection:
            return connection.execute(update(grants).where(same).values(refresh=new)).rowcount == 1


def _row(grant: Grant) -> dict[str, Any]:
    return grant.model_dump() | {"scopes": " ".join(sorted(grant.scopes)), "words": " ".join(sorted(grant.words))}


def _grant(row: Row[*tuple[Any, ...]]) -> Grant:
    return Grant(
        id=row.id,
        username=row.username,
        client_id=row.client_id,
        scopes=frozenset(Scope(word) for word in row.scopes.split()),
        words=frozenset(row.words.split()),
        access_id=row.access_id,
        signed_in_at=row.signed_in_at,
        expires_at=row.expires_at,
    )

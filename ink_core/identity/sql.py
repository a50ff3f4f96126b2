"""`IdentityStore` in the relational database. Its tables are made by `ink_core/migrations`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from ink_core.db import Database, Utc, metadata
from ink_core.errors import Conflict, NotFound
from ink_core.identity.model import Credential, CredentialKind, User
from ink_core.identity.principal import Scope
from ink_core.identity.sql_grants import SqlGrants
from ink_core.identity.sql_groups import SqlGroups, groups, of_user

users = Table(
    "users",
    metadata,
    Column("username", String(32), primary_key=True),
    Column("is_admin", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("password_hash", String(256)),
    Column("created_at", Utc, nullable=False),
    Column("own_scopes", String(500)),
)
credentials = Table(
    "credentials",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("username", String(32), ForeignKey("users.username", ondelete="CASCADE"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("scopes", String(500), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("last_used_at", Utc),
    Column("jobs", Integer),
    Column("jobs_used", Integer, nullable=False, server_default="0"),
    Column("requests_per_minute", Integer),
    UniqueConstraint("digest"),
    Index(None, "username", "kind"),
    Index(None, "expires_at"),
)
bindings = Table(
    "external_identities",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("username", String(32), ForeignKey("users.username", ondelete="CASCADE"), nullable=False),
    UniqueConstraint("issuer", "username"),
    Index(None, "username"),
)
_ACCOUNT = (
    users.c.username.label("account"),
    users.c.is_admin,
    users.c.disabled,
    users.c.created_at.label("account_created_at"),
    users.c.own_scopes,
    of_user(groups.c.name, users.c.username).label("groups"),
    of_user(groups.c.scopes, users.c.username).label("granted"),
)


class SqlIdentityStore:
    """Implements `IdentityStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.groups = SqlGroups(database)
        self.grants = SqlGrants(database)

    def close(self) -> None:
        self._database.close()

    def add_user(self, user: User, password_hash: str | None) -> None:
        row = {"username": user.username, "created_at": user.created_at, "password_hash": password_hash}
        try:
            with self._database.write() as connection:
                connection.execute(insert(users).values({**row, **_roles(user)}))
        except IntegrityError:
            raise Conflict(f"there is a user {user.username} already") from None

    def put_user(self, user: User) -> None:
        self._update_user(user.username, **_roles(user))

    def remove_user(self, username: str) -> Sequence[str]:
        of_user = delete(credentials).where(credentials.c.username == username).returning(credentials.c.digest)
        with self._database.write() as connection:
            digests = list(connection.execute(of_user).scalars())
            if connection.execute(delete(users).where(users.c.username == username)).rowcount == 0:
                raise NotFound(f"there is no user {username}")
        return digests

    def user(self, username: str) -> User | None:
        with self._database.read() as connection:
            row = connection.execute(select(*_ACCOUNT).where(users.c.username == username)).first()
        return _user(row) if row else None

    def users(self) -> Sequence[User]:
        with self._database.read() as connection:
            return [_user(row) for row in connection.execute(select(*_ACCOUNT).order_by(users.c.username))]

    def some_users(self, text: str, after: str, most: int) -> Sequence[User]:
        wanted = users.c.username.contains(text, autoescape=True) & (users.c.username > after)
        with self._database.read() as connection:
            rows = connection.execute(select(*_ACCOUNT).where(wanted).order_by(users.c.username).limit(most))
            return [_user(row) for row in rows]

    def bind(self, issuer: str, subject: str, username: str) -> None:
        row = {"issuer": issuer, "subject": subject, "username": username}
        if self.user(username) is None:
            raise NotFound(f"there is no user {username}")
        try:
            with self._database.write() as connection:
                connection.execute(insert(bindings).values(row))
        except IntegrityError:
            raise Conflict(f"{username} or {subject} is bound at {issuer} already") from None

    def bound(self, issuer: str, subject: str) -> User | None:
        known = (bindings.c.issuer == issuer) & (bindings.c.subject == subject)
        with self._database.read() as connection:
            row = connection.execute(select(*_ACCOUNT).join(bindings).where(known)).first()
        return _user(row) if row else None

    def password_hash(self, username: str) -> str | None:
        with self._database.read() as connection:
            return connection.execute(select(users.c.password_hash).where(users.c.username == username)).scalar()

    def set_password_hash(self, username: str, password_hash: str) -> None:
        self._update_user(username, password_hash=password_hash)

    def add_credential(self, credential: Credential, digest: str, *, keep: int) -> Sequence[str]:
        row = {**credential.model_dump(), "scopes": " ".join(sorted(credential.scopes)), "digest": digest}
        try:
            with self._database.write() as connection:
                connection.execute(insert(credentials).values(row))
                surplus = connection.execute(_newest_first(credential.username, credential.kind)).all()[keep:]
                return _remove(connection, [old.digest for old in surplus])
        except IntegrityError:
            raise NotFound(f"there is no user {credential.username}") from None

    def find(self, digest: str) -> tuple[Credential, User] | None:
        with self._database.read() as connection:
            return _found(connection, digest)

    def take(self, digest: str, kind: CredentialKind) -> tuple[Credential, User] | None:
        with self._database.write() as connection:
            found = _found(connection, digest)
            if found is None or found[0].kind is not kind:
                return None
            return found if _remove(connection, [digest]) else None

    def credentials(self, username: str, kind: CredentialKind) -> Sequence[Credential]:
        with self._database.read() as connection:
            return [_credential(row) for row in connection.execute(_newest_first(username, kind))]

    def some_tokens(self, text: str, after: tuple[str, str], at: datetime, most: int) -> Sequence[Credential]:
        place = credentials.c.username, credentials.c.id
        wanted = (credentials.c.kind == CredentialKind.TOKEN) & (credentials.c.expires_at > at)
        wanted &= credentials.c.username.contains(text, autoescape=True) & (tuple_(*place) > after)
        with self._database.read() as connection:
            rows = connection.execute(select(credentials).where(wanted).order_by(*place).limit(most))
            return [_credential(row) for row in rows]

    def remove(self, username: str, credential_id: str) -> str | None:
        mine = (credentials.c.username == username) & (credentials.c.id == credential_id)
        with self._database.write() as connection:
            return connection.execute(delete(credentials).where(mine).returning(credentials.c.digest)).scalar()

    def remove_all(self, username: str, kind: CredentialKind) -> Sequence[str]:
        with self._database.write() as connection:
            rows = connection.execute(_newest_first(username, kind)).all()
            return _remove(connection, [row.digest for row in rows])

    def renew(self, username: str, credential_id: str, digest: str, expires_at: datetime) -> str | None:
        mine = (credentials.c.username == username) & (credentials.c.id == credential_id)
        with self._database.write() as connection:
            old = connection.execute(select(credentials.c.digest).where(mine)).scalar()
            connection.execute(update(credentials).where(mine).values(digest=digest, expires_at=expires_at))
        return old

    def touch(self, credential_id: str, at: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(update(credentials).where(credentials.c.id == credential_id).values(last_used_at=at))

    def spend_jobs(self, credential_id: str, count: int) -> bool:
        used = credentials.c.jobs_used + count
        enough = credentials.c.jobs.is_(None) | (used <= credentials.c.jobs)
        spent = update(credentials).where((credentials.c.id == credential_id) & enough).values(jobs_used=used)
        with self._database.write() as connection:
            return connection.execute(spent).rowcount == 1

    def remove_expired(self, before: datetime) -> int:
        with self._database.write() as connection:
            return connection.execute(delete(credentials).where(credentials.c.expires_at < before)).rowcount

    def _update_user(self, username: str, **values: Any) -> None:
        with self._database.write() as connection:
            if connection.execute(update(users).where(users.c.username == username).values(values)).rowcount == 0:
                raise NotFound(f"there is no user {username}")


def _newest_first(username: str, kind: CredentialKind) -> Any:
    of_user = (credentials.c.username == username) & (credentials.c.kind == kind)
    return select(credentials).where(of_user).order_by(credentials.c.created_at.desc(), credentials.c.id.desc())


def _found(connection: Connection, digest: str) -> tuple[Credential, User] | None:
    query = select(credentials, *_ACCOUNT).join(users).where(credentials.c.digest == digest)
    row = connection.execute(query).first()
    return (_credential(row), _user(row)) if row else None


def _remove(connection: Connection, digests: list[str]) -> list[str]:
    """Removes them and returns those that were still there."""
    gone = delete(credentials).where(credentials.c.digest.in_(digests)).returning(credentials.c.digest)
    return list(connection.execute(gone).scalars()) if digests else []


def _roles(user: User) -> dict[str, Any]:
    own = None if user.own_scopes is None else " ".join(sorted(user.own_scopes))
    return {"is_admin": user.is_admin, "disabled": user.disabled, "own_scopes": own}


def _user(row: Row[*tuple[Any, ...]]) -> User:
    return User(
        username=row.account,
        is_admin=row.is_admin,
        disabled=row.disabled,
        created_at=row.account_created_at,
        own_scopes=None if row.own_scopes is None else _scopes(row.own_scopes),
        groups=tuple(sorted((row.groups or "").split())),
        granted=_scopes(row.granted or ""),
    )


def _scopes(words: str) -> frozenset[Scope]:
    return frozenset(Scope(word) for word in words.split())


def _credential(row: Row[*tuple[Any, ...]]) -> Credential:
    return Credential(
        id=row.id,
        kind=CredentialKind(row.kind),
        username=row.username,
        name=row.name,
        scopes=_scopes(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        jobs=row.jobs,
        jobs_used=row.jobs_used,
        requests_per_minute=row.requests_per_minute,
    )

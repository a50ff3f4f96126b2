"""The values of identity: users and their credentials. A credential never holds its own secret, nor its digest."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ink_core.errors import BadInput
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal, Scope

USERNAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
PERMISSION = r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$"
MAX_PERMISSIONS = 50
MAX_TOKEN_SECONDS = 366 * 86400


class Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class User(Value):
    """An account. Its name is the name of the operating system's user that its agents run as.

    `own_scopes` are what this user may do; None is what every user may. Nobody administers who may not approve, as an
    approver's request is what its maker may not approve. `groups` and `granted`, the scopes that they give, come from
    the store and are changed by membership only.
    """

    username: str
    is_admin: bool
    disabled: bool
    created_at: datetime
    own_scopes: frozenset[Scope] | None = None
    groups: tuple[str, ...] = ()
    granted: frozenset[Scope] = frozenset()

    @property
    def scopes(self) -> frozenset[Scope]:
        """All that this user may do with any credential."""
        if self.is_admin:
            return ADMIN_SCOPES | self.granted
        own = USER_SCOPES if self.own_scopes is None else self.own_scopes
        return (own | self.granted) - {Scope.ADMIN}


class Group(Value):
    """Users with a role or a resource in common. `permissions` are words that clients ask for (`gpu`, `job_lens`)."""

    name: str
    description: str
    permissions: frozenset[Annotated[str, Field(pattern=PERMISSION)]] = Field(max_length=MAX_PERMISSIONS)
    scopes: frozenset[Scope]
    created_at: datetime


class CredentialKind(StrEnum):
    """What a secret is good for; one kind is never accepted in place of another.

    `SIGN_IN` is what a client of INK's own issuer gets that may only ask who has signed in.
    """

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    CODE = "code"
    APP = "app"
    SIGN_IN = "sign_in"


class Limits(Value):
    """What a token may do beside its scopes and its end; None is any number."""

    jobs: int | None = Field(default=None, ge=0, le=1_000_000, description="How many it may submit in all.")
    requests_per_minute: int | None = Field(default=None, ge=1, le=60_000, description="How many it may send.")


NO_LIMITS = Limits()


class Credential(Value):
    """A secret's record. `last_used_at` is coarse: it lags by minutes."""

    id: str
    kind: CredentialKind
    username: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    jobs: int | None = None
    jobs_used: int = 0
    requests_per_minute: int | None = None

    def principal(self, user: User) -> Principal:
        """Who acts with this credential: never more than the user may do now."""
        return Principal(
            username=user.username,
            is_admin=user.is_admin,
            scopes=self.scopes & user.scopes,
            credential=f"{self.kind}:{self.id}",
        )


class Issued(Value):
    """A new credential with its secret, which is shown this once and kept nowhere."""

    credential: Credential
    secret: str
    principal: Principal


def checked_group_name(text: str) -> str:
    """The name itself. Raises `BadInput` for what cannot be a group's name."""
    if not USERNAME.fullmatch(text):
        raise BadInput("a group's name has 1 to 32 of a-z, 0-9, _ and -, and begins with a letter or _")
    return text


def checked_username(text: str) -> str:
    """The name itself. Raises `BadInput` for what cannot be a user's name."""
    if not USERNAME.fullmatch(text):
        raise BadInput("a username has 1 to 32 of a-z, 0-9, _ and -, and begins with a letter or _")
    return text

"""The values of identity: users and their credentials. A credential never holds its own secret, nor its digest."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from ink_core.errors import BadInput
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal, Scope

USERNAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
MAX_TOKEN_SECONDS = 366 * 86400


class Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class User(Value):
    """An account. Its name is the name of the operating system's user that its agents run as."""

    username: str
    is_admin: bool
    disabled: bool
    created_at: datetime

    @property
    def scopes(self) -> frozenset[Scope]:
        """All that this user may do with any credential."""
        return ADMIN_SCOPES if self.is_admin else USER_SCOPES


class CredentialKind(StrEnum):
    """What a secret is good for; one kind is never accepted in place of another."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    CODE = "code"


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


def checked_username(text: str) -> str:
    """The name itself. Raises `BadInput` for what cannot be a user's name."""
    if not USERNAME.fullmatch(text):
        raise BadInput("a username has 1 to 32 of a-z, 0-9, _ and -, and begins with a letter or _")
    return text

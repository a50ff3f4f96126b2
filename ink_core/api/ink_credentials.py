"""Who calls a route of `/api/v2` or of a plugin: `Ink-Username` and `Ink-Token`, or what every other route takes.

The token names its user by itself. A name beside it that is another's is refused: the caller means something that the
token does not say. Unlike elsewhere an expired token is told from an unknown one: clients of INK sign in again then.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import HTTPConnection

from ink_core.api.security import holder, presented, requires
from ink_core.errors import TokenInvalid
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Principal, Scope


async def ink_principal(connection: HTTPConnection) -> Principal:
    """Raises `TokenExpired`, `TokenInvalid`, `Unauthenticated` or, for a foreign page, `Forbidden`."""
    secret, kind = credential_of(connection)
    principal = await holder(connection, secret, kind)
    if connection.headers.get("ink-username", principal.username) != principal.username:
        raise TokenInvalid("the token is not of the user that Ink-Username names")
    return principal


def credential_of(connection: HTTPConnection) -> tuple[str, CredentialKind]:
    if token := connection.headers.get("ink-token"):
        return token, CredentialKind.TOKEN
    return presented(connection)


def ink_requires(*scopes: Scope) -> Any:
    """The policy of such a route, as `requires` is elsewhere."""
    return requires(*scopes, who=ink_principal)

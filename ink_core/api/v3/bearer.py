"""Who calls a v3 route: a bearer token and nothing else, so that no browser can be made to call one."""

from __future__ import annotations

from typing import Any

from starlette.requests import HTTPConnection

from ink_core.api.security import authenticate, presented, requires
from ink_core.errors import Unauthenticated
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Principal, Scope


async def _bearer(connection: HTTPConnection) -> Principal:
    _, kind = presented(connection)
    if kind is not CredentialKind.TOKEN:
        raise Unauthenticated("send a token: Authorization: Bearer TOKEN")
    return await authenticate(connection)


def bearer_requires(*scopes: Scope) -> Any:
    """The policy of a v3 route, as `requires` is elsewhere."""
    return requires(*scopes, who=_bearer)

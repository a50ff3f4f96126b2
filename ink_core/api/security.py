"""Who may call a route. Every route names its policy, `requires(...)` or `PUBLIC`; `unguarded_routes` finds the others.

A credential is the cookie `ink_session` (a browser session; `__Host-ink_session` over TLS) or a bearer token. What
comes with the cookie and changes something, or opens a WebSocket, must carry an `Origin` of this site.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.requests import HTTPConnection

from ink_core.errors import Forbidden, Throttled, TokenExpired, TokenInvalid, Unauthenticated
from ink_core.identity.model import CredentialKind, Issued
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.service import IdentityService

COOKIE = "ink_session"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""Its name over TLS: browsers take it from this host alone, so that no page of a sibling plants one (RFC 6265bis)."""
APP_COOKIE = "ink_app"
"""At the apps' own address, where the session cookie is never set."""
LOOK_AGAIN_S = 15.0
AUTHENTICATED = "ink.authenticated"
"""Key in the scope of a request: the mark of the credential that was seen to be a real one."""
_PROVEN = "ink.principal"
"""Key in the scope of a request: who it was proved to come from, so that one policy above another asks once."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Security:
    """What the policies of one application ask. `public_url` is the address that browsers use."""

    identity: IdentityService
    public_url: str


def install_security(app: FastAPI, security: Security) -> None:
    app.state.security = security


def security_of(connection: HTTPConnection) -> Security:
    return cast(Security, connection.app.state.security)


def requires(*scopes: Scope, who: Callable[[HTTPConnection], Awaitable[Principal]] | None = None) -> Any:
    """The policy of a route: a signed-in user whose credential has all these scopes; `who` finds that user.

    Use it as `Annotated[Principal, requires(Scope.JOBS_READ)]` or in `dependencies=[...]`.
    """
    wanted = frozenset(scopes)

    async def principal(connection: HTTPConnection) -> Principal:
        known: Principal | None = None if who else connection.scope.get(_PROVEN)
        found = known or await (who or authenticate)(connection)
        connection.scope[_PROVEN] = found
        if missing := sorted(wanted - found.scopes):
            raise Forbidden(f"this needs the scope {', '.join(missing)}, which your credential does not have")
        return found

    return Depends(_policy(principal, wanted))


def forget_proof(connection: HTTPConnection) -> None:
    """Whoever is asked for next is asked for anew: a credential may have ended while the request was on its way."""
    connection.scope.pop(_PROVEN, None)


def _policy(function: Callable[..., Any], scopes: frozenset[Scope] | None) -> Callable[..., Any]:
    function.__dict__["ink_policy"] = scopes
    return function


async def _open_to_all() -> None:
    """Nobody needs to sign in."""


PUBLIC: Any = Depends(_policy(_open_to_all, None))
"""The policy of a route that is open to everybody, said on purpose: `dependencies=[PUBLIC]`."""


async def authenticate(connection: HTTPConnection) -> Principal:
    """Who calls. Raises `Unauthenticated`, or `Forbidden` for a foreign origin; says no more about a bad credential."""
    secret, kind = presented(connection)
    try:
        return await holder(connection, secret, kind)
    except (TokenInvalid, TokenExpired):
        raise Unauthenticated("this credential is not valid or no longer so; sign in again") from None


async def holder(connection: HTTPConnection, secret: str, kind: CredentialKind) -> Principal:
    """Whose credential this is; notes on the request that it is a real one. Raises what `authenticate` of it raises."""
    principal = await security_of(connection).identity.authenticating.authenticate(secret, kind)
    connection.scope[AUTHENTICATED] = mark_of(secret)
    return principal


def mark_of(secret: str) -> int:
    """Tells one credential from another, in this process, without keeping it."""
    return hash(secret)


def presented(connection: HTTPConnection) -> tuple[str, CredentialKind]:
    """The credential that came along, unproven. Raises `Unauthenticated`, or `Forbidden` for a foreign origin."""
    secret, kind = _credential(connection)
    if kind is CredentialKind.SESSION and _changes(connection):
        check_origin(connection)
    return secret, kind


async def until_signed_out(connection: HTTPConnection) -> NoReturn:
    """For what stays open: looks again and again, at once after a change, and raises `Unauthenticated` at the end."""
    while True:
        await security_of(connection).identity.changes.wait(LOOK_AGAIN_S)
        with suppress(Throttled):  # what is open goes on, whatever else its token sends
            await authenticate(connection)


def check_origin(connection: HTTPConnection) -> None:
    """Raises `Forbidden` unless the request comes from a page of this site."""
    origin = connection.headers.get("origin", "")
    own = {_origin(security_of(connection).public_url), _own_origin(connection)}
    if origin not in own:
        raise Forbidden("a change with a browser session must come from a page of this site (Origin)")


def check_browser_session(principal: Principal) -> None:
    """For a person's own decision. Raises `Forbidden` for a token: one that leaked must not make others."""
    if not principal.credential.startswith(f"{CredentialKind.SESSION}:"):
        raise Forbidden("a token cannot confirm a sign-in; sign in with a browser")


def is_secure(connection: HTTPConnection) -> bool:
    """Whether browsers come over TLS, so that cookies need never travel in the clear."""
    return security_of(connection).public_url.startswith("https:")


def check_not_led_here(connection: HTTPConnection) -> None:
    """For a GET that makes something. Raises `Forbidden` where another site sent the browser here (Fetch Metadata)."""
    if connection.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise Forbidden("this makes something, so it must be asked for by a page of this site or by a program")


def set_session_cookie(connection: HTTPConnection, response: Response, issued: Issued) -> None:
    lifetime = issued.credential.expires_at - issued.credential.created_at
    seconds, secure = int(lifetime.total_seconds()), is_secure(connection)
    name = session_cookie(connection)
    response.set_cookie(name, issued.secret, max_age=seconds, secure=secure, httponly=True, samesite="lax")


def forget_session_cookie(connection: HTTPConnection, response: Response) -> None:
    secure = is_secure(connection)
    response.delete_cookie(session_cookie(connection), secure=secure, httponly=True, samesite="lax")


def session_cookie(connection: HTTPConnection) -> str:
    """The name of the cookie of a browser session."""
    return SECURE_COOKIE if is_secure(connection) else COOKIE


def client_address(connection: HTTPConnection) -> str:
    """The peer's address; uvicorn replaces it by the forwarded one for trusted proxies only."""
    return connection.client.host if connection.client else "unknown"


def unguarded_routes(app: FastAPI, *, guarded_elsewhere: Collection[str] = ()) -> list[str]:
    """Paths of routes without a policy. `guarded_elsewhere` names mounts that check credentials themselves."""
    return sorted(set(_unguarded(app)) - set(guarded_elsewhere))


def _unguarded(app: FastAPI) -> Iterator[str]:
    for route in iter_route_contexts(app.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)
        if dependant is None or not _has_policy(dependant):
            yield route.path or "?"


def scopes_of(dependant: Dependant) -> frozenset[Scope] | None:
    """What a credential needs on a route; None where it is open to all."""
    named = [scopes for scopes in _policies(dependant) if scopes is not None]
    return frozenset[Scope]().union(*named) if named else None


def _has_policy(dependant: Dependant) -> bool:
    return any(True for _ in _policies(dependant))


def _policies(dependant: Dependant) -> Iterator[frozenset[Scope] | None]:
    marks: dict[str, Any] = getattr(dependant.call, "__dict__", {})
    if "ink_policy" in marks:
        yield marks["ink_policy"]
    for below in dependant.dependencies:
        yield from _policies(below)


def _credential(connection: HTTPConnection) -> tuple[str, CredentialKind]:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip(), CredentialKind.TOKEN
    if cookie := connection.cookies.get(session_cookie(connection)):
        return cookie, CredentialKind.SESSION
    raise Unauthenticated("sign in, or send a token: Authorization: Bearer TOKEN")


def _changes(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE_METHODS


def _own_origin(connection: HTTPConnection) -> str:
    scheme: str = connection.scope.get("scheme", "http")
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    return f"{scheme}://{connection.headers.get('host', '')}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

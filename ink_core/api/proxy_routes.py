"""What nginx asks before it lets anybody through to an app, and how a browser gets in at the apps' own address.

Apps have an address of their own: they run their users' programs, and what those show in a browser must reach neither
the portal's pages nor its API. There the cookie `ink_app` counts, which is good for nothing else. Who calls is told by
nginx's key: nobody else gets to see where an app is. docs/explanation/proxy.md tells the whole way.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request
from fastapi.responses import RedirectResponse
from starlette.requests import HTTPConnection
from starlette.responses import Response

from ink_core.api.security import (
    APP_COOKIE,
    PUBLIC,
    SAFE_METHODS,
    authenticate,
    holder,
    requires,
    security_of,
)
from ink_core.apps.connections import DOOR_HEADER, AppConnections, Upstream
from ink_core.apps.entry import ENTER, MAX_CODE_CHARS, AppsEntry, Entrant, checked_path, proxy_key
from ink_core.errors import Forbidden, NotFound, TokenExpired, TokenInvalid, Unauthenticated, Unavailable
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import OPENS_APPS, Principal, Scope

router = APIRouter(prefix="/api/v1/proxy", tags=["apps"], include_in_schema=False)
KEY_HEADER = "X-Ink-Proxy-Key"
VERIFIER_COOKIE = "ink_app_entry"
VERIFIER_S = 600
AGENT_PATH, AGENT = "agent", "openclaw"
"""The page of an agent is known as `/agent/NODE/PORT/USER/`: it leads to this app."""
MAX_PATH_CHARS = 8192
NO_STORE = {"Cache-Control": "no-store"}
HEADER_VALUE = re.compile(r"[\x20-\x7e]{1,4096}")


@dataclass(frozen=True)
class AppsProxy:
    """What these routes need. `entry` is None where a site has no address for apps."""

    connections: AppConnections
    key: bytes
    entry: AppsEntry | None


def install_apps_proxy(app: FastAPI, proxy: AppsProxy) -> None:
    app.state.apps_proxy = proxy


async def _proxy(connection: HTTPConnection) -> AppsProxy:
    proxy: AppsProxy = connection.app.state.apps_proxy
    return proxy


async def _nginx(connection: HTTPConnection) -> None:
    """Raises `Unauthenticated` for everybody but the site's own nginx."""
    shown = connection.headers.get(KEY_HEADER, "").encode()
    if not hmac.compare_digest(shown, proxy_key((await _proxy(connection)).key).encode()):
        raise Unauthenticated("there is nothing here for anybody but the proxy")


async def _entry(proxy: Annotated[AppsProxy, Depends(_proxy)]) -> AppsEntry:
    if proxy.entry is None:
        raise NotFound("this site has no address for apps (apps.public_url)")
    return proxy.entry


async def _visitor(connection: HTTPConnection) -> Principal:
    """Who opens an app: a program by its token, or a browser by the cookie of the apps' address, from there."""
    await _nginx(connection)
    entry = await _entry(await _proxy(connection))
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    cookie = connection.cookies.get(APP_COOKIE)
    try:
        if scheme.lower() == "bearer":
            return _may_open(await holder(connection, token.strip(), CredentialKind.TOKEN))
        if cookie:
            principal = await holder(connection, cookie, CredentialKind.APP)
            _check_from_an_app(connection, entry.apps_url)
            return principal
    except (TokenInvalid, TokenExpired):
        pass
    raise Unauthenticated("sign in at the portal, or send a token: Authorization: Bearer TOKEN")


def _may_open(program: Principal) -> Principal:
    if missing := sorted(OPENS_APPS - program.scopes):
        raise Forbidden(f"an app does all that its user may: to open one, a token needs {', '.join(missing)}, too")
    return program


def _check_from_an_app(connection: HTTPConnection, apps_url: str) -> None:
    """Raises `Forbidden` where a page of elsewhere asks in the name of its reader, except that it may lead there."""
    headers = connection.headers
    changes = headers.get("x-original-method", "") not in SAFE_METHODS or bool(headers.get("x-original-upgrade"))
    origin = headers.get("origin")
    if origin != apps_url and (changes or origin):
        raise Forbidden("a change, or a WebSocket, must come from a page of the apps' own address (Origin)")
    opened = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not opened:
        raise Forbidden("a page of another address may lead to an app, and not use it")


Proxy = Annotated[AppsProxy, Depends(_proxy)]
Entry = Annotated[AppsEntry, Depends(_entry)]
Visitor = Annotated[Principal, requires(Scope.AGENT_USE, who=_visitor)]
FromNginx = Depends(_nginx)
To = Annotated[str, Query(max_length=MAX_PATH_CHARS)]


@router.get("/authorize", status_code=204)
async def authorize(
    visitor: Visitor,
    proxy: Proxy,
    x_ink_app: Annotated[str, Header(max_length=32)],
    x_ink_app_node: Annotated[str, Header(max_length=253)],
    x_ink_app_port: Annotated[int, Header(ge=1, le=65535)],
    x_ink_app_user: Annotated[str, Header(max_length=32)],
) -> Response:
    """204 with where the app is; 401, 403 of somebody else's app, or 404. The owner alone, administrators included."""
    if visitor.username != x_ink_app_user:
        raise Forbidden("an app is open to its owner only")
    names = (x_ink_app, AGENT) if x_ink_app == AGENT_PATH else (x_ink_app,)
    found = (proxy.connections.upstream(name, x_ink_app_node, x_ink_app_port, visitor.username) for name in names)
    upstream = next((one for one in found if one is not None), None)
    if upstream is None:
        raise NotFound("no such app is running; it may have ended")
    return Response(status_code=204, headers={**_told(upstream), **NO_STORE})


def _told(upstream: Upstream) -> dict[str, str]:
    """For nginx alone; it takes these headers for its own request and shows them to nobody."""
    address = ip_address(upstream.host)
    host = f"[{address}]" if address.version == 6 else str(address)
    secrets = {DOOR_HEADER: upstream.secret, "X-Ink-App-Authorization": upstream.authorization}
    told = {name: value for name, value in secrets.items() if value is not None}
    if not all(HEADER_VALUE.fullmatch(value) for value in told.values()):
        raise Unavailable("the app has registered with a credential that no request can carry")
    return {"X-Ink-App-Upstream": f"{host}:{upstream.port}", **told}


@router.get("/set-out", dependencies=[PUBLIC, FromNginx])
async def set_out(entry: Entry, x_ink_app_uri: Annotated[str, Header(max_length=MAX_PATH_CHARS)]) -> Response:
    """At the apps' address, for a browser that is not signed in there: on to the portal, which knows who it is."""
    way = entry.set_out(x_ink_app_uri)
    response = RedirectResponse(way.url, 303, NO_STORE)
    secure = entry.apps_url.startswith("https:")
    response.set_cookie(
        VERIFIER_COOKIE, way.verifier, VERIFIER_S, path=ENTER, secure=secure, httponly=True, samesite="lax"
    )
    return response


@router.get("/enter", dependencies=[PUBLIC])
async def enter(
    request: Request, entry: Entry, to: To, challenge: Annotated[str, Query(pattern="^[0-9a-f]{64}$")]
) -> Response:
    """At the portal: back to the apps' address with a code; to the sign-in page for who is not signed in."""
    try:
        principal = await authenticate(request)
    except Unauthenticated:
        return RedirectResponse("/", 303, NO_STORE)
    kind, _, session_id = principal.credential.partition(":")
    if kind != CredentialKind.SESSION or Scope.AGENT_USE not in principal.scopes:
        raise Forbidden("apps are opened by a browser that is signed in, and may use them")
    return RedirectResponse(entry.way_back(Entrant(principal.username, session_id), challenge, to), 303, NO_STORE)


@router.get("/entered", dependencies=[PUBLIC, FromNginx])
async def entered(
    request: Request, entry: Entry, code: Annotated[str, Query(max_length=MAX_CODE_CHARS)], to: To
) -> Response:
    """At the apps' address again: the cookie, and on to the app."""
    entrant = entry.entrant(code, request.cookies.get(VERIFIER_COOKIE, ""))
    issued = await security_of(request).identity.open_app_session(entrant.username, entrant.session_id)
    response = RedirectResponse(checked_path(to), 303, NO_STORE)
    response.delete_cookie(VERIFIER_COOKIE, path=ENTER)
    seconds = int((issued.credential.expires_at - issued.credential.created_at).total_seconds())
    secure = entry.apps_url.startswith("https:")
    response.set_cookie(APP_COOKIE, issued.secret, seconds, secure=secure, httponly=True, samesite="lax")
    return response

"""A site with apps: the manager's routes for the proxy, served with the manager's middleware, and the real nginx."""

from __future__ import annotations

import asyncio
import http.client
import ssl
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI, Request

from ink_core.api import proxy_routes
from ink_core.api.errors import install_error_handlers
from ink_core.api.proxy_routes import AppsProxy, install_apps_proxy
from ink_core.api.security import COOKIE, SECURE_COOKIE, Security, client_address, install_security
from ink_core.apps.connections import InMemoryAppConnections, Upstream
from ink_core.apps.entry import AppsEntry
from ink_core.clock import SystemClock
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.model import NO_LIMITS, Limits, User
from ink_core.identity.principal import USER_SCOPES, Scope
from ink_core.identity.service import IdentityService
from ink_core.settings import load_settings
from manager.serve import bind, web_config
from tests.certificates import Authority
from tests.nginx import PATIENCE_S, Addresses, free_addresses, running_nginx

T = TypeVar("T")
KEY = b"k" * 32
WHO = "/who"


async def who_asks(request: Request) -> list[str]:
    """The address and the scheme that everything which asks for them gets."""
    return [client_address(request), request.url.scheme]


class Manager:
    """In a thread, with a loop of its own; `do` runs something there."""

    def __init__(self, data: Path, portal_url: str, apps_url: str, socket: Path | None = None) -> None:
        self.identity = IdentityService(InMemoryIdentityStore(), SystemClock())
        self.upstreams: dict[tuple[str, str, int, str], Upstream] = {}
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        install_error_handlers(app)
        install_security(app, Security(self.identity, portal_url))
        entry = AppsEntry(KEY, portal_url, apps_url, SystemClock())
        install_apps_proxy(app, AppsProxy(InMemoryAppConnections(self.upstreams), KEY, entry))
        app.include_router(proxy_routes.router)
        app.add_api_route(WHO, who_asks, methods=["GET"])
        place = {"INK_SERVER__TRUSTED_PROXIES": '["127.0.0.1"]', "INK_SERVER__PORT": "0"}
        if socket:
            place = {"INK_SERVER__SOCKET": str(socket), "INK_SERVER__PUBLIC_URL": portal_url}
        settings = load_settings(environment={"INK_DATA_DIR": str(data), **place})
        self._listening = bind(settings)
        self._listening.listen()
        self.port = 0 if socket else int(self._listening.getsockname()[1])
        self.address = f"unix:{socket}" if socket else f"127.0.0.1:{self.port}"
        self._server = uvicorn.Server(web_config(app, settings))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._up = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._up.wait(PATIENCE_S)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._up.set()
        await self._server.serve(sockets=[self._listening])

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_S)
        self._listening.close()


@dataclass
class Answer:
    status: int
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str | None:
        values = self.headers.get(name.lower(), [])
        assert len(values) <= 1, values
        return values[0] if values else None

    def cookies(self) -> dict[str, str]:
        return dict(each.partition(";")[0].split("=", 1) for each in self.headers.get("set-cookie", []))


def ask(
    port: int,
    target: str,
    headers: dict[str, str] | None = None,
    *,
    method: str = "GET",
    body: Any = None,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """The target goes out as it is, byte by byte."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    if tls:
        connection = http.client.HTTPSConnection("localhost", port, timeout=PATIENCE_S, context=tls)
    try:
        own = {"Host": f"localhost:{port}", **(headers or {})}
        connection.request(method, target, body, own, encode_chunked=body is not None and not isinstance(body, bytes))
        answer = connection.getresponse()
        found: dict[str, list[str]] = {}
        for name, value in answer.getheaders():
            found.setdefault(name.lower(), []).append(value)
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()


@dataclass
class AppSite:
    """`portal` and `apps` are nginx's two ports."""

    manager: Manager
    addresses: Addresses
    tls: ssl.SSLContext | None = None

    @property
    def portal(self) -> int:
        return self.addresses.portal

    @property
    def apps(self) -> int:
        return self.addresses.apps

    @property
    def apps_url(self) -> str:
        return self.addresses.apps_url

    @property
    def portal_url(self) -> str:
        return self.addresses.portal_url

    def account(self, username: str, *, is_admin: bool = False) -> User:
        """Made when it is missing."""
        identity = self.manager.identity
        if username not in {user.username for user in self.manager.do(identity.users())}:
            self.manager.do(identity.create_user(username, is_admin=is_admin))
        return self.manager.do(identity.user(username))

    def session(self, username: str, *, is_admin: bool = False) -> str:
        """The cookie header of a browser of this user, signed in at the portal."""
        identity, user = self.manager.identity, self.account(username, is_admin=is_admin)
        return f"{SECURE_COOKIE if self.tls else COOKIE}={self.manager.do(identity.open_session(user, 'test')).secret}"

    def token(
        self, username: str, scopes: frozenset[Scope] = USER_SCOPES, limits: Limits = NO_LIMITS
    ) -> dict[str, str]:
        name = self.account(username).username
        made = self.manager.identity.create_token_of(name, "test", scopes, timedelta(hours=1), limits)
        return {"Authorization": f"Bearer {self.manager.do(made).secret}"}

    def enter(self, session: str, target: str) -> str:
        """The cookie header that a browser has at the apps' address once it has been led there by way of the portal."""
        away = ask(self.apps, target, {"Sec-Fetch-Mode": "navigate"}, tls=self.tls)
        assert away.status == 303, away
        portal = _target(away.header("location"), self.portal_url)
        back = ask(self.portal, portal, {"Cookie": session}, tls=self.tls)
        assert back.status == 303, back
        verifier = "; ".join(f"{name}={value}" for name, value in away.cookies().items())
        there = ask(self.apps, _target(back.header("location"), self.apps_url), {"Cookie": verifier}, tls=self.tls)
        assert (there.status, there.header("location")) == (303, target), there
        return f"ink_app={there.cookies()['ink_app']}"


def _target(location: str | None, base: str) -> str:
    assert location is not None
    assert location.startswith(base + "/"), location
    return location.removeprefix(base)


@contextmanager
def app_site(folder: Path, authority: Authority | None = None) -> Iterator[AppSite]:
    """With TLS, and the manager on a unix socket, where there is an authority that gives nginx its certificate."""
    addresses = free_addresses(tls=authority is not None)
    certificate = authority.issue("localhost") if authority else None
    socket = folder / "manager.sock" if authority else None
    manager = Manager(folder / "data", addresses.portal_url, addresses.apps_url, socket)
    try:
        with running_nginx(folder, addresses, manager.address, KEY, certificate):
            yield AppSite(manager, addresses, authority.trusting() if authority else None)
    finally:
        manager.close()

"""The real nginx with TLS: what it lets in, what it says to whom, and agents and apps that check its certificate."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from ink_core.apps.connections import Upstream
from tests.certificates import Authority
from tests.doubles import app_door
from tests.doubles.app_door import SECRET, door
from tests.doubles.app_site import KEY, WHO, Answer, AppSite, app_site, ask
from tests.doubles.echo_app import PIECE
from tests.http2 import status_over_http2
from tests.nginx import PATIENCE_S, Addresses, free_addresses, running_nginx, why_no_nginx
from tests.unit.worker_agent.manager import LAUNCH_TOKEN, SmallManager
from worker_agent.agent import Agent
from worker_agent.exits import Exit
from worker_agent.protocol import AgentConfig, Place

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requirement("DEPLOY-NGINX-01"),
    pytest.mark.skipif(why_no_nginx() is not None, reason=str(why_no_nginx())),
]


@dataclass
class World:
    site: AppSite
    authority: Authority
    base: str
    alice: str
    """Cookie header of alice's browser at the apps' address."""

    @property
    def tls(self) -> ssl.SSLContext:
        return self.authority.trusting()

    def app(self, rest: str = "", headers: dict[str, str] | None = None, **more: Any) -> Answer:
        told = {"Cookie": self.alice, "Origin": self.site.apps_url, **(headers or {})}
        return ask(self.site.apps, self.base + rest, told, tls=self.tls, **more)

    def portal(self, path: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        return ask(self.site.portal, path, headers, tls=self.tls, **more)

    def plain(self, path: str, **headers: str) -> Answer:
        assert self.site.addresses.plain is not None
        return ask(self.site.addresses.plain, path, headers)

    @property
    def echo(self) -> str:
        return f"wss://localhost:{self.site.apps}{self.base}echo"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    authority = Authority(tmp_path_factory.mktemp("ca"))
    folder = tmp_path_factory.mktemp("site")
    with app_site(folder, authority) as site, door(tmp_path_factory.mktemp("session")) as opened:
        known = opened.known()
        site.manager.upstreams["jupyter", known.node, known.port, "alice"] = Upstream(
            "127.0.0.1", known.port, secret=SECRET
        )
        yield World(site, authority, known.base, site.enter(site.session("alice"), known.base))


# -- TLS itself


def handshake(port: int, context: ssl.SSLContext, name: str = "localhost") -> ssl.SSLSocket:
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE_S), server_hostname=name)


def test_both_addresses_speak_tls_1_3_and_http_2(world: World) -> None:
    for port in (world.site.portal, world.site.apps):
        context = world.tls
        context.set_alpn_protocols(["h2", "http/1.1"])
        with handshake(port, context) as connection:
            assert (connection.version(), connection.selected_alpn_protocol()) == ("TLSv1.3", "h2")
    with handshake(world.site.portal, context) as connection:
        assert status_over_http2(connection, f"localhost:{world.site.portal}", WHO) == 200


def test_older_tls_and_ciphers_without_forward_secrecy_are_refused(world: World) -> None:
    old, weak = world.tls, world.tls
    with warnings.catch_warnings(category=DeprecationWarning, action="ignore"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("ECDHE+AES:!AESGCM:!AESCCM")
    for context in (old, weak):
        with pytest.raises(ssl.SSLError, match="ALERT"):
            handshake(world.site.portal, context)
    weak.set_ciphers("ECDHE+AESGCM")
    with handshake(world.site.portal, weak) as connection:
        assert connection.version() == "TLSv1.2"
        assert connection.session is not None and not connection.session.has_ticket


def test_who_names_another_host_sees_no_certificate(world: World) -> None:
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    for port in (world.site.portal, world.site.apps):
        with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
            handshake(port, blind, "elsewhere.example")


def test_a_name_that_is_not_the_sites_is_not_answered(world: World) -> None:
    for host in ("elsewhere.example", "localhost", f"localhost:{world.site.apps}"):
        assert world.portal(WHO, {"Host": host}).status == 421
    assert world.app(headers={"Host": f"localhost:{world.site.portal}"}).status == 421


def test_every_answer_says_that_tls_is_wanted_from_now_on(world: World) -> None:
    answers = [world.portal(WHO), world.portal("/no-such-page"), world.app(), world.app("refuses/500")]
    answers += [world.app(headers={"Cookie": ""}), world.portal(WHO, {"Host": "elsewhere.example"})]
    assert [answer.status for answer in answers] == [200, 404, 200, 500, 401, 421]
    assert {answer.header("strict-transport-security") for answer in answers} == {"max-age=31536000"}


def test_without_tls_there_is_nothing_but_the_way_to_it(world: World, tmp_path: Path) -> None:
    led = world.plain(f"{WHO}?x=%2F&y", Host="localhost")
    assert (led.status, led.header("location")) == (301, f"{world.site.portal_url}{WHO}?x=%2F&y")
    assert world.plain(WHO, Host="elsewhere.example").status == 421
    assert world.plain("/.well-known/acme-challenge/proof", Host="localhost").status == 404
    raw = ask(world.site.portal, WHO)
    assert (raw.status, b"plain HTTP request was sent to HTTPS port" in raw.body) == (400, True)


# -- who is who


@pytest.mark.parametrize("forged", ["203.0.113.7", "203.0.113.7, 127.0.0.1", "unknown"])
def test_nobody_forges_an_address_or_that_there_is_tls(world: World, forged: str) -> None:
    told = {"X-Forwarded-For": forged, "X-Forwarded-Proto": "http", "Forwarded": f"for={forged}", "X-Real-IP": forged}
    assert json.loads(world.portal(WHO, told).body) == ["127.0.0.1", "https"]


def test_cookies_over_tls_are_for_tls_only(world: World) -> None:
    away = ask(world.site.apps, world.base, {"Sec-Fetch-Mode": "navigate"}, tls=world.tls)
    assert away.status == 303
    assert all("; Secure" in cookie for cookie in away.headers["set-cookie"])
    as_plain = world.site.session("alice").replace("__Host-", "")
    enter = f"/api/v1/proxy/enter?to={world.base}&challenge={'0' * 64}"
    assert world.portal(enter, {"Cookie": as_plain}).header("location") == "/"


# -- apps


def test_requests_and_websockets_of_the_owner_alone_reach_the_app(world: World) -> None:
    strangers = {"nobody": {}, "bob": world.site.token("bob")}
    for headers, status in ((strangers["nobody"], 401), (strangers["bob"], 403)):
        assert ask(world.site.apps, world.base, headers, tls=world.tls).status == status
        told = {**headers, "Origin": world.site.apps_url}
        with pytest.raises(InvalidStatus) as refused, connect(world.echo, additional_headers=told, ssl=world.tls):
            pass
        assert refused.value.response.status_code == status
    told = {"Cookie": world.alice, "Origin": world.site.apps_url}
    with connect(world.echo, additional_headers=told, ssl=world.tls) as opened:
        opened.send(text := "x" * 300_000)
        assert opened.recv(PATIENCE_S) == text
    assert world.app().status == 200


def test_no_credential_reaches_the_app(world: World) -> None:
    told = {**world.site.token("alice"), "Cookie": f"{world.alice}; __Host-ink_session=x", "Ink-Token": "x"}
    reached = world.app(headers=told)
    headers = dict(json.loads(reached.body)["headers"])
    assert {"cookie", "authorization", "ink-token", "x-ink-app-secret", "x-ink-proxy-key"} & set(headers) == set()
    assert (headers["x-forwarded-proto"], headers["x-forwarded-for"]) == ("https", "127.0.0.1")


def test_large_bodies_stream_both_ways(world: World) -> None:
    pieces = 300
    whole = hashlib.sha256(PIECE * pieces).hexdigest()
    up = world.app("total", method="POST", body=(PIECE for _ in range(pieces)))
    assert json.loads(up.body) == {"bytes": pieces * len(PIECE), "sha256": whole}
    assert hashlib.sha256(world.app(f"pieces/{pieces}").body).hexdigest() == whole


# -- what dials in from the nodes


@contextmanager
def before(folder: Path, authority: Authority, manager_url: str) -> Iterator[Addresses]:
    """nginx with TLS before this manager."""
    addresses = free_addresses(tls=True)
    with running_nginx(folder, addresses, urlsplit(manager_url).netloc, KEY, authority.issue("localhost")):
        yield addresses


@pytest.mark.parametrize("is_known", [True, False])
async def test_an_agent_connects_only_where_its_authority_vouches(tmp_path: Path, is_known: bool) -> None:
    authority, other = Authority(tmp_path / "ca"), Authority(tmp_path / "other")
    manager = SmallManager()
    await manager.start()
    (tmp_path / "workspace").mkdir()
    with before(tmp_path, authority, manager.url) as addresses:
        config = AgentConfig(
            manager_url=f"wss://localhost:{addresses.portal}/agents/connect",
            manager_ca=(authority if is_known else other).file.read_text(),
            worker_id="w-0123456789ab",
            secret=LAUNCH_TOKEN,
            place=Place.EXECUTE,
            workspace=str(tmp_path / "workspace"),
            reconnect_for_s=PATIENCE_S if is_known else 0.01,
        )
        agent = Agent(config)
        running = asyncio.ensure_future(agent.run())
        async with asyncio.timeout(PATIENCE_S):
            if is_known:
                link = await manager.worker()
                assert (await link.call("files.list", path=".")).entries == ()
                agent.stop(Exit.DONE)
            assert await running == (Exit.DONE if is_known else Exit.UNREACHABLE)
    await manager.stop()


def test_the_door_of_an_app_registers_over_tls(tmp_path: Path) -> None:
    authority, manager = Authority(tmp_path / "ca"), app_door.Manager((204,))
    with closing(manager), before(tmp_path, authority, manager.url) as addresses:
        callback = f"https://localhost:{addresses.portal}/api/v1/apps/callback"
        with door(tmp_path / "session", callback_url=callback, callback_ca=authority.file.read_text()):
            assert manager.registered.get(timeout=PATIENCE_S)["session_id"] == "s1"

"""The real nginx before real apps: who gets in, what passes in either direction, and what does not."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bench.running_manager import free_port
from ink_core.apps.connections import Upstream
from ink_core.identity.model import Limits
from ink_core.identity.principal import USER_SCOPES, Scope
from tests.doubles.app_door import ON_PORT, SECRET, RunningDoor, door
from tests.doubles.app_site import Answer, AppSite, app_site, ask
from tests.doubles.echo_app import MISCHIEF, PIECE
from tests.nginx import PATIENCE_S, why_no_nginx

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(why_no_nginx() is not None, reason=str(why_no_nginx())),
]


@dataclass
class World:
    site: AppSite
    door: RunningDoor
    alice: str
    """Cookie header of alice's browser at the apps' address."""
    alice_at_portal: str

    @property
    def base(self) -> str:
        return self.door.base

    def get(self, rest: str = "", headers: dict[str, str] | None = None, **more: Any) -> Answer:
        return self.get_path(self.base + rest, headers, **more)

    def get_path(self, path: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        return ask(self.site.apps, path, {"Cookie": self.alice, **(headers or {})}, **more)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with app_site(tmp_path_factory.mktemp("site")) as site, door(tmp_path_factory.mktemp("session")) as opened:
        known = opened.known()
        where = "jupyter", known.node, known.port, "alice"
        site.manager.upstreams[where] = Upstream("127.0.0.1", known.port, secret=SECRET)
        session = site.session("alice")
        yield World(site, known, site.enter(session, known.base), session)


def seen(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer
    return json.loads(answer.body)


# -- who gets in


@pytest.mark.requirement("DEPLOY-NGINX-02")
def test_the_owner_reaches_the_app_under_its_node_port_and_user(world: World) -> None:
    reached = seen(world.get("lab/tree/a%20b?x=%2F&y"))
    assert (reached["method"], reached["target"]) == ("GET", f"{world.base}lab/tree/a%20b?x=%2F&y")
    with_token = ask(world.site.apps, world.base, world.site.token("alice"))
    assert seen(with_token)["target"] == world.base


@pytest.mark.requirement("DEPLOY-NGINX-02")
def test_what_leads_to_an_app_at_the_portal_leads_to_the_apps_own_address(world: World) -> None:
    led = ask(world.site.portal, f"{world.base}lab?x=1")
    assert (led.status, led.header("location")) == (302, f"{world.site.apps_url}{world.base}lab?x=1")


@pytest.mark.requirement("DEPLOY-NGINX-02")
def test_the_page_of_an_agent_goes_the_same_way_and_is_known_as_one(world: World, tmp_path: Path) -> None:
    told = {"app": "openclaw", "command": ON_PORT, "listens": "port", "strip_prefix": True}
    own = {"app_headers": {"Authorization": "Bearer of-the-agent"}}
    with door(tmp_path / "agent", **told, **own) as opened:
        agent = opened.known()
        where = agent.node, agent.port, "alice"
        world.site.manager.upstreams["openclaw", *where] = Upstream("127.0.0.1", agent.port, secret=SECRET)
        for name in ("agent", "openclaw"):
            base = f"/{name}/{agent.node}/{agent.port}/alice/"
            reached = seen(world.get_path(f"{base}chat"))
            assert reached["target"] == "/chat"
            assert ["authorization", "Bearer of-the-agent"] in reached["headers"]
            assert ask(world.site.apps, base, world.site.token("bob")).status == 403
        assert world.get_path(f"/jupyter/{agent.node}/{agent.port}/alice/chat").status == 404


@pytest.mark.requirement("DEPLOY-NGINX-02")
@pytest.mark.parametrize("is_admin", [False, True])
def test_nobody_else_reaches_it_not_even_an_administrator(world: World, is_admin: bool) -> None:
    name = "root" if is_admin else "bob"
    session = world.site.session(name, is_admin=is_admin)
    cookie = world.site.enter(session, world.base)
    refused = ask(world.site.apps, world.base, {"Cookie": cookie})
    assert refused.status == 403
    assert b"open to its owner only" in refused.body
    assert ask(world.site.apps, world.base, world.site.token(name)).status == 403


def test_a_credential_that_may_not_use_apps_opens_none(world: World) -> None:
    for narrow in ({Scope.JOBS_READ}, {Scope.AGENT_USE}, USER_SCOPES - {Scope.FILES_WRITE}):
        assert ask(world.site.apps, world.base, world.site.token("alice", frozenset(narrow))).status == 403


@pytest.mark.parametrize("cookie", ["", "ink_app=inka_forged", "ink_app="])
def test_without_a_sign_in_a_program_gets_401_and_a_person_is_led_to_the_portal(world: World, cookie: str) -> None:
    assert ask(world.site.apps, world.base, {"Cookie": cookie}).status == 401
    led = ask(world.site.apps, world.base, {"Cookie": cookie, "Accept": "text/html,*/*"})
    assert (led.status, str(led.header("location")).startswith(f"{world.site.portal_url}/api/v1/proxy/enter?")) == (
        303,
        True,
    )


def test_the_portals_own_cookie_opens_no_app_and_the_apps_cookie_nothing_of_the_portal(world: World) -> None:
    assert ask(world.site.apps, world.base, {"Cookie": world.alice_at_portal}).status == 401
    as_session = world.alice.replace("ink_app=", "ink_session=")
    enter = f"/api/v1/proxy/enter?to={world.base}&challenge={'0' * 64}"
    assert ask(world.site.portal, enter, {"Cookie": world.alice_at_portal}).status == 303
    for cookie in (as_session, world.alice):
        away = ask(world.site.portal, enter, {"Cookie": cookie})
        assert (away.status, away.header("location")) == (303, "/")


def test_a_code_is_good_for_the_browser_only_that_set_out(world: World) -> None:
    enter = f"/api/v1/proxy/enter?to={world.base}&challenge={'0' * 64}"
    back = ask(world.site.portal, enter, {"Cookie": world.alice_at_portal})
    target = str(back.header("location")).removeprefix(world.site.apps_url)
    for cookie in ("", "ink_app_entry=of-another-browser"):
        refused = ask(world.site.apps, target, {"Cookie": cookie})
        assert (refused.status, refused.cookies()) == (401, {})


def test_signing_out_at_the_portal_and_a_lock_end_the_way_in(world: World) -> None:
    site = world.site
    session = site.session("alice")
    cookie = site.enter(session, world.base)
    assert ask(site.apps, world.base, {"Cookie": cookie}).status == 200
    site.manager.identity.authenticating.lock_out("alice")
    assert ask(site.apps, world.base, {"Cookie": cookie}).status == 401
    site.manager.identity.authenticating.let_in("alice")
    assert ask(site.apps, world.base, {"Cookie": cookie}).status == 200
    site.manager.do(site.manager.identity.logout(session.partition("=")[2]))
    assert ask(site.apps, world.base, {"Cookie": cookie}).status == 401


def test_who_asks_too_often_is_told_so(world: World) -> None:
    slow = world.site.token("alice", limits=Limits(requests_per_minute=1))
    first, *more = (ask(world.site.apps, world.base, slow).status for _ in range(10))
    assert first == 200 and set(more) <= {200, 429}
    assert 429 in more, "not all of them a minute apart, however slow this machine is"


# -- pages of elsewhere


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "portal", None])
def test_a_page_of_elsewhere_changes_nothing_in_an_app(world: World, origin: str | None) -> None:
    told = {"portal": world.site.portal_url}.get(origin or "", origin)
    headers = {"Origin": told} if told else {}
    assert world.get("total", headers, method="POST", body=b"x").status == 403
    own = {"Origin": world.site.apps_url}
    assert world.get("total", own, method="POST", body=b"x").status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "portal", None])
def test_a_page_of_elsewhere_opens_no_websocket(world: World, origin: str | None) -> None:
    told = {"portal": world.site.portal_url}.get(origin or "", origin)
    headers = {"Cookie": world.alice, **({"Origin": told} if told else {})}
    with pytest.raises(InvalidStatus) as refused, connect(ws(world), additional_headers=headers):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("site", "mode", "dest", "status"),
    [
        ("cross-site", "no-cors", "script", 403),
        ("same-site", "cors", "empty", 403),
        ("cross-site", "navigate", "iframe", 403),
        ("cross-site", "navigate", "document", 200),
        ("same-origin", "cors", "empty", 200),
        ("none", "navigate", "document", 200),
    ],
)
def test_a_page_of_elsewhere_may_lead_to_an_app_and_not_use_it(
    world: World, site: str, mode: str, dest: str, status: int
) -> None:
    asked = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    assert world.get("", asked).status == status


# -- where the request goes


@pytest.mark.requirement("CORE-APPS-08")
def test_the_upstream_is_the_authorisers_and_never_the_paths(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0)
        port = other.getsockname()[1]
        for node in ("127.0.0.1", "localhost", world.door.node):
            assert world.get_path(f"/jupyter/{node}/{port}/alice/").status == 404
        with pytest.raises(BlockingIOError):
            other.accept()
    elsewhere = "jupyter", "no-such-node.example", 9999, "alice"
    world.site.manager.upstreams[elsewhere] = Upstream("127.0.0.1", world.door.port, secret=SECRET)
    answered = world.get_path("/jupyter/no-such-node.example/9999/alice/")
    assert (answered.status, answered.body) == (404, b"the app is not below this path\n"), "the door's own words"


TRICKS = [
    "{base}../../../bob/x",
    "{base}%2e%2e/x",
    "{base}.%2E/x",
    "{base}a/./b",
    "{base}a%2fb",
    "{base}a%5Cb",
    "{base}a\\b",
    "{base}a%0d%0aX-Ink-App-Secret:%20x",
    "{base}a%00b",
    "{base}a#b",
    "/jupyter/%6eode/8888/alice/",
    "//jupyter/node/8888/alice/",
    "/jupyter//node/8888/alice/../alice/",
    "/jupyter/node/8888/alice/..",
    "/jupyter/no%64e/8888/alice/",
    "/./jupyter/node/8888/alice/",
    "/.ink/../jupyter/node/8888/alice/",
]


@pytest.mark.requirement("CORE-APPS-08")
@pytest.mark.parametrize("trick", [*TRICKS, "{base}" + "a" * 8200])
def test_a_path_that_means_something_else_once_decoded_is_refused(world: World, trick: str) -> None:
    assert world.get_path(trick.format(base=world.base)).status == 400


@pytest.mark.parametrize(
    "path", ["/", "/jupyter/", "/jupyter/node/80/alice/", "/jupyter/node/8888/alice", "/JUPYTER/node/8888/alice/"]
)
def test_nothing_but_apps_is_at_the_apps_address(world: World, path: str) -> None:
    assert world.get_path(path).status == 404


@pytest.mark.parametrize("path", ["/.ink/authorize", "/.ink/set-out", "/.ink/pages/403.html", "/api/v1/me", "/health"])
def test_what_is_internal_is_not_there_for_anybody(world: World, path: str) -> None:
    assert world.get_path(path).status == 404


def test_only_nginx_may_ask_the_authoriser(world: World) -> None:
    asked = {
        **world.site.token("alice"),
        "X-Ink-App": "jupyter",
        "X-Ink-App-Node": world.door.node,
        "X-Ink-App-Port": str(world.door.port),
        "X-Ink-App-User": "alice",
    }
    for port, status in ((world.site.portal, 404), (world.site.manager.port, 401)):
        for key in ({}, {"X-Ink-Proxy-Key": "0" * 64}):
            refused = ask(port, "/api/v1/proxy/authorize", {**asked, **key})
            assert (refused.status, refused.header("x-ink-app-upstream")) == (status, None)


def test_another_name_for_the_site_is_not_answered(world: World) -> None:
    assert world.get("", {"Host": "rebound.example"}).status == 421
    assert ask(world.site.portal, "/", {"Host": f"127.0.0.1:{world.site.portal}"}).status == 421


# -- what reaches the app, and what reaches the browser


@pytest.mark.requirement("CORE-APPS-08")
def test_no_credential_of_the_portal_and_no_secret_of_the_door_reaches_the_app(world: World) -> None:
    sent = {
        **world.site.token("alice"),
        "Cookie": f"{world.alice}; {world.alice_at_portal}; own=1",
        "Ink-Token": "x",
        "X-Ink-App-Secret": "x",
        "X-Ink-App-Authorization": "x",
        "X-Ink-Proxy-Key": "x",
        "Forwarded": "for=1.2.3.4",
        "X-Forwarded-For": "1.2.3.4",
    }
    headers = dict(seen(ask(world.site.apps, world.base, sent))["headers"])
    kept = {"cookie", "authorization", "ink-token", "x-ink-app-secret", "x-ink-proxy-key", "forwarded"}
    assert kept & set(headers) == set()
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["host"] == f"localhost:{world.site.apps}"


def test_an_app_of_an_existing_script_gets_its_own_token_from_the_authoriser(world: World) -> None:
    with script() as (port, heads):
        where = "jupyter", "node", port, "alice"
        world.site.manager.upstreams[where] = Upstream("127.0.0.1", port, authorization="token of-the-script")
        answered = world.get_path(f"/jupyter/node/{port}/alice/x", world.site.token("alice"))
    assert (answered.status, answered.body) == (200, b"ok")
    assert b"\r\nAuthorization: token of-the-script\r\n" in heads[0]
    assert b"X-Ink-App-Secret" not in heads[0]


@contextmanager
def script() -> Iterator[tuple[int, list[bytes]]]:
    """Its port, and the heads of the requests that reached it."""
    heads: list[bytes] = []

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            heads.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE_S)
        thread = Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], heads
        thread.join(PATIENCE_S)


def test_an_app_reaches_beyond_its_path_by_no_header(world: World) -> None:
    answered = world.get("mischief")
    assert (answered.status, answered.body) == (200, b"<script>1</script>")
    for name in MISCHIEF.keys() - {"X-Frame-Options", "Content-Security-Policy", "Service-Worker-Allowed"}:
        assert answered.header(name) is None, name
    assert answered.header("service-worker-allowed") == world.base
    assert answered.header("x-frame-options") == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answered.headers["content-security-policy"]


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
def test_what_the_app_itself_refuses_arrives_in_its_own_words(world: World, status: int) -> None:
    refused = world.get(f"refuses/{status}")
    assert (refused.status, refused.body) == (status, b"the app's own words")
    assert refused.header("x-content-type-options") == "nosniff"


# -- streams


def ws(world: World) -> str:
    return f"ws://localhost:{world.site.apps}{world.base}echo"


def test_a_websocket_carries_words_both_ways(world: World) -> None:
    headers = {"Cookie": world.alice, "Origin": world.site.apps_url}
    with connect(ws(world), additional_headers=headers) as socket_:
        for text in ("hello", "再见", "x" * 300_000):
            socket_.send(text)
            assert socket_.recv(PATIENCE_S) == text


def test_large_bodies_stream_in_both_directions(world: World) -> None:
    pieces = 600
    own = {"Origin": world.site.apps_url}
    up = world.get("total", own, method="POST", body=(PIECE for _ in range(pieces)))
    whole = hashlib.sha256(PIECE * pieces).hexdigest()
    assert json.loads(up.body) == {"bytes": pieces * len(PIECE), "sha256": whole}
    assert hashlib.sha256(world.get(f"pieces/{pieces}").body).hexdigest() == whole


# -- what is down


def test_an_app_that_has_ended_is_told_in_words(world: World) -> None:
    where = "jupyter", "node", (port := free_port()), "alice"
    world.site.manager.upstreams[where] = Upstream("127.0.0.1", port, secret=SECRET)
    gone = world.get_path(f"/jupyter/node/{port}/alice/")
    assert gone.status == 502
    assert b"The app does not answer" in gone.body


def test_while_the_authoriser_is_down_nobody_gets_in(tmp_path_factory: pytest.TempPathFactory) -> None:
    with app_site(tmp_path_factory.mktemp("site")) as site, door(tmp_path_factory.mktemp("session")) as opened:
        known = opened.known()
        where = "jupyter", known.node, known.port, "alice"
        site.manager.upstreams[where] = Upstream("127.0.0.1", known.port, secret=SECRET)
        cookie = {"Cookie": site.enter(site.session("alice"), known.base)}
        pid = seen(ask(site.apps, known.base, cookie))["pid"]
        site.manager.close()
        refused = ask(site.apps, known.base, cookie)
        assert refused.status == 503
        assert b"The portal does not answer" in refused.body
        os.kill(pid, signal.SIGKILL)
        assert known.process.wait(PATIENCE_S) != 0

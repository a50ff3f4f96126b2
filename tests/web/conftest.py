"""A real Chromium against the built page on the contract server. Every test ends with: no violation of the content
policy, no request to another origin, no error on the page. A worker has one server, each test a fresh world in it."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.chromium import running
from tests.web.contract_lens import measures
from tests.web.contract_server import DIST, make_app
from tests.web.contract_world import Json, Time, World, make_world

WATCH_POLICY = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
})
"""
EXPECTED_FAILURES = "Failed to load resource"
"""What Chromium logs for every 4xx answer; the tests of errors provoke them."""

expect.set_options(timeout=30_000)


@pytest.fixture(scope="package")
def built_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built page, so that a build in the meantime does not change it under the tests."""
    if not (DIST / "index.html").exists():
        pytest.fail("the page is not built: run `make web`")
    copy = tmp_path_factory.mktemp("page") / "static"
    return Path(shutil.copytree(DIST, copy))


@dataclass
class Served:
    """A contract server over `world`, whose jobs at the start are kept: to make them takes longer."""

    world: World
    jobs: Sequence[Json]
    app: FastAPI
    server: uvicorn.Server
    loop: asyncio.AbstractEventLoop
    address: str

    def begin_anew(self) -> None:
        """Nothing that was begun here goes on, and everything is as in a world that nobody has been in."""
        asyncio.run_coroutine_threadsafe(self._ended(), self.loop).result(30)
        vars(self.world).update(vars(World(jobs=[dict(job) for job in self.jobs])))
        measures(self.app, self.world)

    async def _ended(self) -> None:
        self.world.broken.set()
        turns = {session.turn for session in self.world.sessions.values() if session.turn}
        for task in turns | self.world.background:
            task.cancel()
        begun = self.server.server_state.tasks | turns | self.world.background
        if begun:
            _, left = await asyncio.wait(begun, timeout=5)
            for task in left:
                task.cancel()


@contextmanager
def serving(world: World, built_page: Path) -> Iterator[Served]:
    listening = socket.create_server(("127.0.0.1", 0))
    app = make_app(world, built_page)
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="websockets-sansio")
    config.timeout_graceful_shutdown = 1
    config.date_header = Time.stands_at is None  # by it the page sets its clock
    server = uvicorn.Server(config)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=[server.serve([listening])], daemon=True)
    thread.start()
    jobs = [dict(job) for job in world.jobs]
    yield Served(world, jobs, app, server, loop, f"http://127.0.0.1:{listening.getsockname()[1]}")
    world.broken.set()
    server.should_exit = True
    thread.join(10)
    loop.close()
    listening.close()


@pytest.fixture(scope="package")
def served(built_page: Path) -> Iterator[Served]:
    with serving(make_world(), built_page) as served:
        yield served


@pytest.fixture
def world(served: Served) -> World:
    served.begin_anew()
    return served.world


@pytest.fixture
def site(served: Served, world: World) -> str:
    return served.address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with running() as browser:
        yield browser


@dataclass
class Watched:
    """A browser context in which everything that must not happen is written down."""

    site: str
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    def page(self) -> Page:
        page = self.context.new_page()
        page.add_init_script(WATCH_POLICY)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(request.url))
        return page

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(EXPECTED_FAILURES):
            self.complaints.append(f"console {kind}: {text}")

    def _request(self, url: str) -> None:
        if not url.startswith(self.site):
            self.complaints.append(f"request to another origin: {url}")


NewContext = Callable[..., Watched]


@contextmanager
def watching(chromium: Browser, site: str) -> Iterator[NewContext]:
    """Makes browser contexts (another user, a phone, a dark theme); checks them all at the end."""
    opened: list[Watched] = []

    def make(**options: Any) -> Watched:
        defaults: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"}
        watched = Watched(site, chromium.new_context(base_url=site, **(defaults | options)))
        opened.append(watched)
        return watched

    yield make
    for watched in opened:
        watched.context.close()
    assert [complaint for watched in opened for complaint in watched.complaints] == []


@pytest.fixture
def new_context(chromium: Browser, site: str) -> Iterator[NewContext]:
    with watching(chromium, site) as make:
        yield make


SignIn = Callable[..., Page]


def signed_in(world: World, watched: Watched, user: str) -> Page:
    """A page of this context on which `user` is signed in already."""
    cookie = world.identifier("cookie")
    world.cookies[cookie] = user
    watched.context.add_cookies([{"name": "ink_session", "value": cookie, "url": watched.site}])
    return watched.page()


@pytest.fixture
def sign_in(new_context: NewContext, world: World) -> SignIn:
    def sign_in(user: str = "alice", path: str = "/", **options: Any) -> Page:
        page = signed_in(world, new_context(**options), user)
        page.goto(path)
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        return page

    return sign_in


@pytest.fixture
def ready_worker(world: World) -> str:
    """Alice has a ready worker and a session with it; its id."""
    agent = {"worker_id": "w-000000000007", "user": "alice", "place": "execute", "state": "ready", "cluster": "dev"}
    world.agents.append({**agent, "job_id": "4711.0", "node": "node-007", "workspace": "/work", "detail": None})
    world.open_session("alice", "", "w-000000000007")
    return "w-000000000007"


@pytest.fixture
def alice(sign_in: SignIn) -> Page:
    return sign_in("alice")


AXE = (Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js").resolve()


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on a page, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    return axe_violations

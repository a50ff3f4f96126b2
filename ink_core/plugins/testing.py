"""For the tests of a plugin: a small site that mounts it as the manager does, with people, and doubles around it.

Real are the loading, the mounting, the authentication and the form of errors; what the routes change is recorded and
answered from a table, in place of a gate.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from pydantic import JsonValue
from starlette.testclient import TestClient

from ink_core.agents import InProcessAgents, UserAgents
from ink_core.api import plugins_routes
from ink_core.api.errors import install_error_handlers
from ink_core.api.security import Security, install_security
from ink_core.clock import Clock, ManualClock
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.service import IdentityService
from ink_core.plugins.running import Plugins

DEADLINE_S = 60.0
_SITE = "http://testserver"


@dataclass
class RecordedActions:
    """Shipped double of `Actions`: `results` by tool, and `calls` as (user, tool, arguments)."""

    results: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    calls: list[tuple[str, str, Mapping[str, JsonValue]]] = field(
        default_factory=list[tuple[str, str, Mapping[str, JsonValue]]]
    )

    async def call(
        self, principal: Principal, tool: str, arguments: Mapping[str, JsonValue], *, key: str | None = None
    ) -> JsonValue:
        self.calls.append((principal.username, tool, arguments))
        return self.results.get(tool)


@dataclass
class SmallCore:
    """What a route finds in `CoreParts` here: of the core, the parts that plugins use most."""

    identity: IdentityService
    actions: RecordedActions
    agents: UserAgents
    plugins: Plugins
    clock: Clock


class PluginSite:
    """`client` speaks to the site; `headers` signs somebody in."""

    def __init__(self, agents: UserAgents | None = None) -> None:
        clock = ManualClock()
        identity = IdentityService(InMemoryIdentityStore(), clock)
        self.actions = RecordedActions()
        self.plugins = Plugins()
        self.core = SmallCore(identity, self.actions, agents or InProcessAgents({}), self.plugins, clock)
        self.app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        install_error_handlers(self.app)
        install_security(self.app, Security(identity, _SITE))
        self.app.state.core = self.core
        self.app.include_router(plugins_routes.router)
        self.client = TestClient(self.app, _SITE)

    def headers(self, username: str, *scopes: Scope) -> dict[str, str]:
        """Of a program with a token of this user, who is made at the first call."""
        return {"Authorization": f"Bearer {self.ask(self._token, username, scopes)}"}

    def ask(self, function: Any, *arguments: Any) -> Any:
        """The result of a coroutine function, run on the site's event loop."""
        assert self.client.portal
        return self.client.portal.call(function, *arguments)

    async def _token(self, username: str, scopes: tuple[Scope, ...]) -> str:
        identity = self.core.identity
        if username not in {user.username for user in await identity.users()}:
            await identity.create_user(username)
        wanted = frozenset(scopes or (Scope.JOBS_READ,))
        return (await identity.create_token_of(username, "test", wanted, timedelta(hours=1))).secret


@contextmanager
def plugin_site(*packages: str, agents: UserAgents | None = None) -> Generator[PluginSite]:
    """A site with these plugins; `agents` answers what they ask of people's own processes.

    Raises `AssertionError` where one does not run; `site.plugins.states()` tells what they brought.
    """
    site = PluginSite(agents)
    with site.client:
        site.ask(site.plugins.start, packages, DEADLINE_S)
        site.plugins.mount(site.app)
        failed = [f"{state.package}: {state.reason}" for state in site.plugins.states() if state.state == "failed"]
        if failed:
            raise AssertionError("; ".join(failed))
        try:
            yield site
        finally:
            site.plugins.withdraw()

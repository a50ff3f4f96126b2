"""The contract server's JobLens: the product's own routes over a store in memory, for the world's users."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

from fastapi import FastAPI, Request, Response

from ink_core.api.core import Core, install_core
from ink_core.api.errors import problem_of
from ink_core.api.security import Security, install_security
from ink_core.compute.history import JobHistory
from ink_core.compute.model import Job
from ink_core.errors import InkError, TokenInvalid
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.service import IdentityService
from joblens.api import captures_routes, jobs_routes, series_routes, verdict_routes
from joblens.api.captures_routes import CaptureView
from joblens.api.parts import install_lens
from joblens.captures.book import CaptureBook
from joblens.captures.capture import Capture, Detail
from joblens.captures.desk import CaptureDesk
from joblens.query.ingest import Ingest
from joblens.query.lens import Lens
from joblens.query.store_threads import StoreThreads
from joblens.records import JobKey
from mcp_tools.doubles import MemoryQueues
from tests.web.contract_world import Json, Time, World, now

DEADLINE_S = 60.0


class WorldAuthenticating:
    def __init__(self, world: World) -> None:
        self._world = world

    async def authenticate(self, secret: str, kind: CredentialKind) -> Principal:
        if (user := self._world.cookies.get(secret)) is None:
            raise TokenInvalid("nobody is signed in")
        known = self._world.me(user)
        scopes = frozenset(map(Scope, known["scopes"]))
        return Principal(username=user, is_admin=known["is_admin"], scopes=scopes, credential=f"{kind}:{user}")


class WorldCaptures:
    """What was begun, without limits."""

    def __init__(self, world: World) -> None:
        self._world = world

    def of_job(self, key: JobKey) -> Sequence[Capture]:
        return [capture for capture in reversed(self._world.captures) if capture.key == key]


class NoHistory:
    async def job(self, cluster: str, job_id: str) -> Job | None:
        return None


def lens_routes(app: FastAPI, world: World) -> None:
    app.add_exception_handler(InkError, _problem)
    identity = SimpleNamespace(authenticating=WorldAuthenticating(world))
    install_security(app, Security(cast(IdentityService, identity), "http://127.0.0.1"))
    install_core(app, cast(Core, SimpleNamespace()))
    measures(app, world)
    for module in (jobs_routes, series_routes, verdict_routes, captures_routes):
        app.include_router(module.router)


def measures(app: FastAPI, world: World) -> None:
    """What the jobs of this world are measured with, as it is now."""
    install_lens(app, _lens(world))


def _lens(world: World) -> Lens:
    waiting = [Job.model_validate(job) for job in world.jobs if job["owner"] == "alice" and job["state"] == "HOLDING"]
    store = StoreThreads(lambda: world.traces, DEADLINE_S)
    return Lens(
        store,
        Ingest(store),
        CaptureDesk(cast(CaptureBook, WorldCaptures(world))),
        MemoryQueues({"dev": waiting}),
        cast(JobHistory, NoHistory()),
        Time(),
        keep_days=30,
        node_groups={"gpu": ["node-gpu"]},
    )


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, InkError)
    return problem_of(error)


def capture_job(world: World, user: str, arguments: Json) -> Json:
    """The tool that begins a capture."""
    begun = now().timestamp()
    capture = Capture(
        id=world.identifier("capture"),
        key=JobKey(arguments["cluster"], arguments["job_id"]),
        begun=begun,
        until=begun + arguments["seconds"],
        interval_s=arguments["interval_s"],
        details=tuple(Detail),
        by=user,
        reason=arguments["reason"],
    )
    world.captures.append(capture)
    return CaptureView.of(capture).model_dump(mode="json")

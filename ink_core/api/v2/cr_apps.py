"""`/api/v2/cr`, the routes about apps: what there is to launch, and how a session that runs is reached.

`prepare_job` answers a body for `create_job` and `create_common_job`, which launch an app where they name one and no
script. The secret of a session with a door is the proxy's alone, and is told to nobody here.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel
from starlette.responses import Response

from ink_core.api.core import CoreParts
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.ink_rows.finding import find_job
from ink_core.api.ink_rows.jobs import duration, type_of
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.api.v2.job_bodies import InkJob, app_options
from ink_core.apps.app_path import named_place
from ink_core.apps.options import chosen
from ink_core.apps.session import State
from ink_core.errors import Conflict, NotFound
from ink_core.identity.principal import OPENS_APPS, Principal, Scope

router = APIRouter(prefix="/api/v2/cr", tags=["INK v2: cr"], route_class=InkRoute)
Reader = Annotated[Principal, ink_requires(Scope.JOBS_READ)]
Opener = Annotated[Principal, ink_requires(*OPENS_APPS)]
JobType = Annotated[str, Query(min_length=1, max_length=64)]
_PATH = re.compile(named_place() + r"(?:[/?#].*)?")


class AppNotReady(Conflict):
    """The session has not been ready yet, or is over."""

    code = "app_not_ready"


class PrepareJob(BaseModel):
    job_type: str
    cluster_id: str | None = None
    overrides: dict[str, Any] = {}


@router.get("/list_job_types")
@fails_with(Status.QUERY)
async def list_job_types(core: CoreParts, principal: Reader) -> Response:
    """The apps that can be launched, with their bounds."""
    rows = [
        {
            "job_type": app.name,
            "name": app.manifest.title.en,
            "description": app.manifest.description.en,
            "resources": app.manifest.resources.model_dump(),
        }
        for app in core.apps.catalogue
    ]
    return answer({"job_types": rows, "cluster_ids": list(core.queues.clusters())})


@router.post("/prepare_job")
@fails_with(Status.SUBMIT)
async def prepare_job(core: CoreParts, principal: Reader, body: PrepareJob) -> Response:
    """A body for `create_job`: the app's own values with one's own over them, within its bounds."""
    manifest = core.apps.catalogue.get(body.job_type).manifest
    asked = InkJob.model_validate({**body.overrides, "job_type": body.job_type, "cluster_id": body.cluster_id})
    wanted = chosen(manifest, app_options(asked))
    return answer(
        {
            "job_type": body.job_type,
            "cluster_id": body.cluster_id or core.queues.clusters()[0],
            "cpu": wanted.cpus,
            "mem": wanted.memory_mb,
            "gpu_num": wanted.gpus,
            "time": duration(wanted.wall_time_s),
            "partition": wanted.queue or "",
            "account": wanted.group or "",
            "qos": wanted.qos or "",
        }
    )


@router.get("/connect_job")
@fails_with(Status.CONNECT)
async def connect_job(
    core: CoreParts,
    principal: Reader,
    job_id: Annotated[str, Query(min_length=1, max_length=100)],
    job_type: Annotated[str | None, Query(max_length=64)] = None,
    cluster_id: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Where the session that this job runs is opened."""
    job = find_job(core.queues, job_id, cluster_id)
    session = core.apps.of_job(principal.username, job.cluster, job.job_id)
    if session is None or job_type not in (None, "", type_of(job)):
        raise NotFound(f"no session of an app of yours runs as job {job_id}")
    if session.state is not State.READY:
        raise AppNotReady(f"the session is {session.state}{f': {session.reason}' if session.reason else ''}")
    told = {"job_id": job.job_id, "cluster_id": job.cluster, "job_type": session.app}
    return answer({**told, "url": session.url or session.path, "host": session.node, "port": session.port})


@router.get("/resolve_job_proxy")
@fails_with(Status.CONNECT)
async def resolve_job_proxy(core: CoreParts, principal: Opener, job_type: JobType) -> Response:
    """One's newest session of this app that is ready; `passwd` is what its own page may ask for, if it does."""
    ready = (each for each in core.apps.sessions(principal.username) if each.state is State.READY)
    session = next((each for each in ready if each.app == job_type), None)
    if session is None:
        raise NotFound(f"no session of {job_type} of yours is ready")
    credential = core.apps.credential(principal.username, session.session_id)
    return answer({"host": session.node, "port": session.port, "passwd": credential or ""})


@router.get("/get_job_credentials", status_code=204)
@fails_with(Status.CONNECT, by_http=True)
async def get_job_credentials(
    core: CoreParts,
    principal: Opener,
    x_original_uri: Annotated[str, Header(max_length=8192)],
) -> Response:
    """For a proxy: what the app of one's own session at that path asks for, in `X-Job-Credentials`."""
    named = _PATH.fullmatch(x_original_uri)
    sessions = core.apps.sessions(principal.username) if named and named["user"] == principal.username else ()
    for session in sessions:
        if (
            named
            and session.path
            and (session.app, session.node, str(session.port)) == named.group("app", "node", "port")
        ):
            credential = core.apps.credential(principal.username, session.session_id)
            return Response(status_code=204, headers={"X-Job-Credentials": credential} if credential else {})
    raise NotFound("no session of yours is there")

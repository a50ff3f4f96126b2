"""`/api/v2/service`: small services around jobs and files."""

from __future__ import annotations

import json
import posixpath
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.ink_rows.finding import find_job
from ink_core.api.ink_rows.jobs import row_of
from ink_core.api.security import security_of
from ink_core.api.v2.as_user import in_home
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.apps.openclaw import site_files as openclaw
from ink_core.apps.service import OVER
from ink_core.identity.principal import Principal, Scope

router = Area(prefix="/api/v2/service", tags=["INK v2: service"], route_class=InkRoute)
Caller = Annotated[Principal, ink_requires()]
CODE_DATA = ".ink/code-server"
ROOT_LINK_S = 3600


class RootFile(BaseModel):
    workdir: str = Field(min_length=1, max_length=4096)
    filename: str = Field(min_length=1, max_length=4096)


class MonitoredJob(BaseModel):
    job_id: str | int
    cluster_id: str | None = None


@router.post("/check")
@fails_with(Status.FAILED)
async def check(core: CoreParts, principal: Caller) -> Response:
    """The service answers, and to whom."""
    return answer({"service": "ok", "username": principal.username, "clusters": list(core.queues.clusters())})


@router.post("/access_rootfile")
@fails_with(Status.ROOT_FILE)
async def access_rootfile(
    core: CoreParts, principal: Annotated[Principal, ink_requires(Scope.FILES_READ)], body: RootFile
) -> Response:
    """A signed link to one of one's own files, for a ROOT browser to read."""
    asked = {"path": posixpath.join(body.workdir, body.filename), "lifetime_s": ROOT_LINK_S}
    link: Any = await core.actions.call(principal, "create_download_link", asked)
    return answer({"url": core.share_links.url(link["share_id"])})


@router.get("/get_monitorurl")
@fails_with(Status.MONITOR_URL)
async def get_monitorurl(request: Request, principal: Caller) -> Response:
    """The portal's own page of jobs."""
    return answer({"url": f"{security_of(request).public_url}/#/jobs"})


@router.post("/query_jobsmonitor")
@fails_with(Status.MONITOR_JOB)
async def query_jobsmonitor(
    core: CoreParts, principal: Annotated[Principal, ink_requires(Scope.JOBS_READ)], body: MonitoredJob
) -> Response:
    """What the scheduler has measured of a job: CPU seconds, and peak and requested memory in MB."""
    job = find_job(core.queues, str(body.job_id), body.cluster_id)
    used = {"cpus": job.cpus, "cpu_used_s": job.cpu_used_s, "memory_mb": job.memory_mb}
    return answer(row_of(job) | used | {"memory_peak_mb": job.memory_peak_mb, "exit_code": job.exit_code})


@router.get("/openclaw/template")
@fails_with(Status.FAILED)
async def openclaw_template(core: CoreParts, principal: Caller) -> Response:
    """The configuration that a new session of OpenClaw gets."""
    return answer({"template": _configuration(core, "FOLDER")})


@router.post("/openclaw/sync_models")
@fails_with(Status.FAILED)
async def openclaw_sync_models(
    core: CoreParts, principal: Annotated[Principal, ink_requires(Scope.JOBS_READ, Scope.FILES_WRITE)]
) -> Response:
    """Writes the configuration with the site's models of today into one's own sessions that are open."""
    own = core.apps.sessions(principal.username)
    mine = [each for each in own if each.app == openclaw.NAME and each.state not in OVER]
    for session in mine:
        text = json.dumps(_configuration(core, session.folder), indent=2)
        written = {"path": f"{session.folder}/{openclaw.CONFIGURATION}", "text": text, "overwrite": True}
        await core.actions.call(principal, "write_file", written)
    providers: dict[str, Any] = _configuration(core, "FOLDER").get("models", {}).get("providers", {})
    models = [
        {"id": model["id"], "name": model["name"], "provider": provider}
        for provider, each in providers.items()
        for model in each["models"]
    ]
    return answer({"models": models, "sessions": [session.session_id for session in mine]})


@router.post("/code/ensure_datadir")
@fails_with(Status.MAKE_DIRECTORY)
async def ensure_datadir(core: CoreParts, principal: Annotated[Principal, ink_requires(Scope.FILES_WRITE)]) -> Response:
    """The directory that VS Code keeps its data in."""
    path = in_home(core, principal, CODE_DATA)
    await core.actions.call(principal, "make_directory", {"path": path})
    return answer({"datadir": path})


def _configuration(core: Core, folder: str) -> dict[str, Any]:
    """Of a session in this folder; empty where the site gives none."""
    return json.loads(core.apps.site_files(openclaw.NAME, folder).get(openclaw.CONFIGURATION, b"{}"))

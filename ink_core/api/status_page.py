"""The page `/status`: whether the service is up, for everybody; and the clusters, for who may see their jobs.

Rendered here, so that it answers also where the portal's page is not built. English only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from importlib.metadata import version
from pathlib import Path
from string import Template

from fastapi import APIRouter, Request
from starlette.responses import Response

from ink_core.api.core import CoreParts
from ink_core.api.headers import page
from ink_core.api.health_routes import OK, Check, states_of
from ink_core.api.security import PUBLIC, authenticate
from ink_core.compute.queue_index import EVERYBODY
from ink_core.compute.queues import Queues
from ink_core.errors import Forbidden, SchedulerDown, Unauthenticated
from ink_core.identity.principal import Scope

PATH = "/status"
STRANGER = "<p>Sign in to see the clusters.</p>"
_PAGE = Template((Path(__file__).parent / "status_page.html").read_text())


def status_router(checks: Mapping[str, Check]) -> APIRouter:
    """The page; `checks` are those of `/ready`, and its HTTP status is that of `/ready` too."""
    router = APIRouter(dependencies=[PUBLIC], include_in_schema=False)

    @router.get(PATH)
    async def show_status(request: Request, core: CoreParts) -> Response:
        states, now = await states_of(checks), core.clock.now()
        clusters = _clusters(core.queues, now) if await _may_see_jobs(request) else STRANGER
        return _shown(states, clusters, now)

    return router


async def _may_see_jobs(request: Request) -> bool:
    try:
        return Scope.JOBS_READ in (await authenticate(request)).scopes
    except (Unauthenticated, Forbidden):
        return False


def _shown(states: Mapping[str, str], clusters: str, now: datetime) -> Response:
    up = all(state == OK for state in states.values())
    rows = [_row("web server", "up", ""), *(_row(name, _word(state == OK), "") for name, state in states.items())]
    response = page(
        _PAGE.substitute(
            state=_word(up),
            said="is up" if up else "is not ready",
            version=escape(version("ink-harness")),
            now=f"{now:%Y-%m-%d %H:%M:%S} UTC",
            parts="".join(rows),
            clusters=clusters,
        )
    )
    response.status_code = 200 if up else 503
    return response


def _clusters(queues: Queues, now: datetime) -> str:
    rows = "".join(_row(name, *_cluster(queues, name, now)) for name in queues.clusters())
    return f"<table><caption>Clusters</caption>{rows}</table>"


def _cluster(queues: Queues, name: str, now: datetime) -> tuple[str, str]:
    """Up or down, and in words what the queue mirror shows of it."""
    try:
        index = queues.index(name)
    except SchedulerDown as error:
        return "down", str(error)
    age_s = max(0, round((now - index.snapshot.observed_at).total_seconds()))
    jobs = sorted(index.counts.get(EVERYBODY, {}).items())
    counted = ", ".join(f"{number} {state}" for state, number in jobs) or "no jobs"
    return _word(queues.status(name).problem is None), f"{counted}; as of {age_s} s ago"


def _word(good: bool) -> str:
    return "up" if good else "down"


def _row(name: str, state: str, detail: str) -> str:
    return f'<tr><th>{escape(name)}</th><td class="{state}">{state}</td><td>{escape(detail)}</td></tr>'

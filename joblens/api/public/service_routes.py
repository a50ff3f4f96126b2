"""What the clients of the public JobLens ask about the service itself: schema, skill, and whether it is well.

At the root the platform's own `/health` and `/ready` answer, with the same HTTP statuses; these are of JobLens alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from ink_core.api.core import CoreParts
from ink_core.api.security import PUBLIC
from ink_core.errors import InkError
from joblens.api.parts import LensParts, Reader
from joblens.api.public.envelope import Enveloped, LensRoute, answer, enveloped
from joblens.api.public.fields import collectors_of
from joblens.api.public.models import HealthData, ReadyData, SchemaData, SkillData
from joblens.api.public.times import text_of
from joblens.api.public.views import schema_view
from joblens.errors import JobNotRecorded
from joblens.query.lens import Lens
from joblens.records import JobKey

NOBODYS = JobKey("", "")


@dataclass(frozen=True)
class SkillText:
    """How an agent uses JobLens; from the library of skills."""

    name: str
    description: str
    text: str


def service_routers(skill: SkillText) -> Sequence[APIRouter]:
    """Below `/data`, and at the root what clients ask for there."""
    router = APIRouter(prefix="/data", tags=["joblens-data"], route_class=LensRoute)

    async def get_schema(
        principal: Reader,
        core: CoreParts,
        lens: LensParts,
        cluster: Annotated[str | None, Query(max_length=64)] = None,
        collector: Annotated[str, Query(max_length=64)] = "",
    ) -> Response:
        """Clusters, collectors, and the names of what they record."""
        wanted = collectors_of(collector)[0] if collector else None
        names = [name for name in core.queues.clusters() if cluster in (None, "", name)]
        return answer(schema_view([(name, lens.schedulers.get(name, "")) for name in names], wanted))

    async def get_skill(principal: Reader) -> Response:
        """How an agent asks these routes, as Markdown."""
        return answer({"name": skill.name, "description": skill.description, "content": skill.text})

    router.add_api_route("/schema", get_schema, response_model=Enveloped[SchemaData], name="get_lens_schema")
    router.add_api_route("/skill", get_skill, response_model=Enveloped[SkillData])
    _add_health(router)
    root = APIRouter(route_class=LensRoute, include_in_schema=False)
    root.add_api_route("/schema", get_schema)
    root.add_api_route("/skill", get_skill)
    return router, root


def _add_health(router: APIRouter) -> None:
    async def get_lens_health(lens: LensParts) -> Response:
        """The process answers; asks nothing else."""
        return answer({"status": "healthy", "time": text_of(lens.now())}, message="ok")

    async def get_lens_readiness(core: CoreParts, lens: LensParts) -> Response:
        """Whether the store answers: 503 when not."""
        state = await _state(lens)
        well = state == "healthy"
        data = {"clusters": dict.fromkeys(core.queues.clusters(), state), "version": version("ink-harness")}
        message = "ready" if well else "the store of JobLens does not answer"
        return enveloped({"code": 0 if well else 1, "message": message, "data": data}, 200 if well else 503)

    router.add_api_route("/health", get_lens_health, response_model=Enveloped[HealthData], dependencies=[PUBLIC])
    router.add_api_route("/ready", get_lens_readiness, response_model=Enveloped[ReadyData], dependencies=[PUBLIC])


async def _state(lens: Lens) -> str:
    try:
        await lens.store.ask(lambda store: store.marks(NOBODYS))
    except JobNotRecorded:
        return "healthy"
    except InkError:
        return "unhealthy"
    return "healthy"

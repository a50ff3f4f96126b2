"""`POST /joblens/job|condor_job|slurm_job`: how clients of the public JobLens ask to measure a job. Always signed in.

Every job is measured anyway; asked for like this, it is captured for a while, through the gate as any capture. What the
public one needs of the node (`slot`, `JobPIDs`) is known here and may be left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import Response

from ink_core.api.actions import RequestKey
from ink_core.api.core import Core, CoreParts
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.compute.job_ids import first_of
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope
from joblens.api.captures_routes import CaptureView
from joblens.api.parts import LensParts
from joblens.api.public.envelope import Enveloped, LensRoute, answer
from joblens.api.public.errors import BadQuery
from joblens.api.public.fields import SUFFIX, collectors_of
from joblens.captures.capture import MAX_SECONDS, Capture, Detail
from joblens.query.lens import Lens
from joblens.records import JobKey

router = APIRouter(prefix="/joblens", tags=["joblens-data"], route_class=LensRoute)
Manager = Annotated[Principal, requires(Scope.JOBS_MANAGE)]
_DETAILS = {"cpumem": Detail.PROCESSES, "proc": Detail.PROCESSES, "io": Detail.FILES, "net": Detail.CONNECTIONS}


class TriggerRequest(BaseModel):
    """`JobID` or `job_id` is the scheduler's own id; a number alone, on HTCondor, is the first job of that cluster."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    opt: Literal["add", "remove"] = "add"
    job: str | int | None = Field(default=None, alias="JobID")
    job_id: str | None = Field(default=None, max_length=255)
    lens: list[str] = Field(default=[], alias="Lens", max_length=20, description="Collectors, as cpumem_collector.")
    collector: str = Field(default="", max_length=200, description="The same in one text, with commas.")
    cluster: str | None = Field(default=None, max_length=64)
    cluster_name: str | None = Field(default=None, max_length=64)
    seconds: float = Field(default=300, gt=0, le=MAX_SECONDS)


class Triggered(BaseModel):
    """`status` is `success`; the captures that were begun or ended."""

    status: str
    cluster_name: str
    job_id: str
    captures: Sequence[CaptureView]


@router.post("/job", response_model=Enveloped[Triggered])
async def trigger_job(
    principal: Manager, core: CoreParts, lens: LensParts, asked: TriggerRequest, request_key: IdempotencyKey = None
) -> Response:
    """Of whichever cluster has the job."""
    return await _triggered(core, lens, principal, asked, None, request_key)


@router.post("/condor_job", response_model=Enveloped[Triggered])
async def trigger_condor_job(
    principal: Manager, core: CoreParts, lens: LensParts, asked: TriggerRequest, request_key: IdempotencyKey = None
) -> Response:
    """Of an HTCondor pool."""
    return await _triggered(core, lens, principal, asked, "htcondor", request_key)


@router.post("/slurm_job", response_model=Enveloped[Triggered])
async def trigger_slurm_job(
    principal: Manager, core: CoreParts, lens: LensParts, asked: TriggerRequest, request_key: IdempotencyKey = None
) -> Response:
    """Of a Slurm cluster."""
    return await _triggered(core, lens, principal, asked, "slurm", request_key)


async def _triggered(
    core: Core,
    lens: Lens,
    principal: Principal,
    asked: TriggerRequest,
    kind: str | None,
    request_key: RequestKey | None,
) -> Response:
    job, cluster = _job_id(asked, kind), _cluster(lens, asked, kind)
    if asked.opt == "remove":
        captures = await _ended(core, lens, principal, [cluster] if cluster else list(lens.schedulers), job)
    else:
        arguments: dict[str, JsonValue] = {"job_id": job, "cluster": cluster, "seconds": asked.seconds}
        arguments["details"] = [detail.value for detail in _details(asked)]
        made = await core.actions.call(principal, "capture_job", arguments, key=request_key)
        captures = [CaptureView.model_validate(made)]
    told = Triggered(
        status="success",
        cluster_name=captures[0].cluster if captures else cluster or "",
        job_id=job,
        captures=captures,
    )
    done = "ended" if asked.opt == "remove" else "begun"
    return answer(told.model_dump(mode="json"), message=f"{len(captures)} captures {done}")


async def _ended(core: Core, lens: Lens, principal: Principal, clusters: Sequence[str], job: str) -> list[CaptureView]:
    """Those of this user that still run, on whichever cluster has the job. Raises as `Lens.summary` where none has."""
    running: list[Capture] = []
    missing: list[NotFound] = []
    for cluster in clusters:
        try:
            running += await lens.captures(principal, JobKey(cluster, job))
        except NotFound as error:
            missing.append(error)
    if missing and len(missing) == len(clusters):
        raise missing[0]
    mine = [one for one in running if one.active(lens.now()) and one.by == principal.username]
    ended = [await core.actions.call(principal, "end_capture", {"capture_id": one.id}) for one in mine]
    return [CaptureView.model_validate(one) for one in ended]


def _job_id(asked: TriggerRequest, kind: str | None) -> str:
    """Raises `BadQuery`."""
    said = asked.job_id or asked.job
    if said is None or not 0 < len(str(said)) <= 255:
        raise BadQuery("JobID or job_id has to name the job")
    return first_of(str(said)) if kind == "htcondor" else str(said)


def _cluster(lens: Lens, asked: TriggerRequest, kind: str | None) -> str | None:
    """None for whichever has the job. Raises `BadQuery` where several could be meant."""
    named = asked.cluster or asked.cluster_name
    if named or kind is None:
        return named
    fitting = [name for name, of in lens.schedulers.items() if of == kind]
    if len(fitting) != 1:
        raise BadQuery(f"there are {len(fitting)} clusters of {kind}; name one in cluster")
    return fitting[0]


def _details(asked: TriggerRequest) -> Sequence[Detail]:
    """Of the collectors that are named; all where none is. Raises `BadQuery`."""
    words = [*asked.lens, *asked.collector.split(",")]
    names = [word.strip().removesuffix(SUFFIX) for word in words if word.strip()]
    collectors_of(",".join(name for name in names if name != "proc"))
    return list(dict.fromkeys(_DETAILS[name] for name in names if name in _DETAILS)) or list(Detail)

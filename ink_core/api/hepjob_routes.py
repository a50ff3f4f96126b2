"""What the `hepjob` commands ask: the site's groups and wall times, submissions with their accounting, and the load."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.compute.hep.load import Load, by_partition, of_group
from ink_core.compute.hep.site import HepSite
from ink_core.compute.hep.submission import HepSubmission, tool_arguments
from ink_core.compute.job_ids import family_of
from ink_core.compute.model import Submitted
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope
from ink_core.offload import offload

router = Area(prefix="/api/v1/hepjob", tags=["hepjob"])
Reader = Annotated[Principal, requires(Scope.JOBS_READ)]


class HepSubmitted(BaseModel):
    """`cluster_id` is what the commands print: the id that the jobs have in common."""

    cluster: str
    cluster_id: str
    job_ids: tuple[str, ...]


class ClusterLoad(BaseModel):
    """`rows` are by wall time, group or partition, as asked."""

    cluster: str
    nodes: int
    cpus: int
    cpus_used: int
    rows: Sequence[Load]


@router.get("/site")
async def get_hep_site(principal: Reader, core: CoreParts) -> HepSite:
    """Experiments with their groups, operating systems, and wall times in seconds."""
    return core.hep.site


@router.post("/submissions", status_code=201)
async def submit_hep_jobs(
    principal: Annotated[Principal, requires(Scope.JOBS_SUBMIT)],
    core: CoreParts,
    body: HepSubmission,
    key: IdempotencyKey = None,
) -> HepSubmitted:
    """Submits as `hep_sub` does."""
    default = core.queues.clusters()[0]
    arguments = tool_arguments(core.hep.site, core.hep.pools, default, principal.username, body)
    made = Submitted.model_validate(await core.actions.call(principal, "submit_job", arguments, key=key))
    return HepSubmitted(cluster=made.cluster, cluster_id=family_of(made.job_ids[0]), job_ids=made.job_ids)


@router.get("/load")
async def get_hep_load(
    principal: Reader,
    core: CoreParts,
    group: Annotated[str | None, Query(max_length=64)] = None,
    by_wall_time: bool = False,
) -> Sequence[ClusterLoad]:
    """Of the cluster that a group's jobs go to; without a group, of every Slurm cluster by partition."""
    if group is None:
        if not core.hep.slurm:
            raise NotFound("this site has no Slurm cluster; name a group")
        return [await _load(core, name, None, by_wall_time) for name in sorted(core.hep.slurm)]
    _, experiment = core.hep.site.experiment_of(group)
    return [await _load(core, experiment.cluster or core.queues.clusters()[0], group, by_wall_time)]


async def _load(core: Core, cluster: str, group: str | None, by_wall_time: bool) -> ClusterLoad:
    health = await core.queues.health(cluster)
    jobs = core.queues.snapshot(cluster).jobs
    return ClusterLoad(
        cluster=cluster,
        nodes=len(health.nodes),
        cpus=sum(node.cpus for node in health.nodes),
        cpus_used=sum(node.cpus_used for node in health.nodes),
        rows=await offload(
            lambda: by_partition(jobs) if group is None else of_group(jobs, group, by_wall_time=by_wall_time), len(jobs)
        ),
    )

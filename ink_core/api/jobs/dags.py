"""DAGs of jobs: submitted by one call through the gate, followed from the mirror and the history, removed as one.

What else can be done to one is done to its jobs: `/api/v1/jobs/actions` takes the id of a DAG for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import JsonValue

from ink_core.api.core import Core, CoreParts
from ink_core.api.etag import IfNoneMatch, answer_tagged
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.jobs.actions import Manager, raise_refused, result_of
from ink_core.api.jobs.listing import Reader
from ink_core.api.jobs.submission import Place, Submitter, tool_arguments
from ink_core.compute.dag import SubmittedDag
from ink_core.compute.dag_progress import DagProgress, of_one_owner, progress
from ink_core.compute.model import Job
from ink_core.compute.new_dag import NewNodes
from ink_core.compute.queue_index import EVERYBODY, QueueIndex
from ink_core.errors import NotFound, SchedulerDown

router = APIRouter(prefix="/api/v1/dags", tags=["jobs"])


class NewDag(Place, NewNodes):
    """Nodes in any order; their jobs are all on the DAG's cluster."""


class NoSuchDag(NotFound):
    """Neither the queue nor the history shows a job of a DAG with this id."""

    code = "dag_not_found"


@router.post("", status_code=201)
async def submit_dag(
    principal: Submitter, core: CoreParts, response: Response, new: NewDag, key: IdempotencyKey = None
) -> SubmittedDag:
    """Once for each key, also when server or agent are killed in between: then what is missing follows."""
    arguments = tool_arguments(principal, "submit_dag", new)
    submitted = SubmittedDag.model_validate(await core.actions.call(principal, "submit_dag", arguments, key=key))
    response.headers["Location"] = f"/api/v1/dags/{submitted.cluster}/{submitted.dag}"
    return submitted


@router.get("")
async def list_dags(
    principal: Reader,
    core: CoreParts,
    response: Response,
    cluster: str | None = None,
    owner: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Sequence[DagProgress]:
    """The newest first; also ended ones, as long as the queue shows their jobs."""
    index = core.queues.index(cluster or core.queues.clusters()[0])
    wanted = owner or principal.username
    response.headers["Ink-Observed-At"] = index.snapshot.observed_at.isoformat()
    names = [key for key in index.by_dag if wanted in (EVERYBODY, key[0])]
    return [progress(index.by_dag[key]) for key in names[:limit]]


@router.get("/{cluster}/{dag}", response_model=DagProgress)
async def get_dag(
    principal: Reader,
    core: CoreParts,
    response: Response,
    cluster: str,
    dag: str,
    if_none_match: IfNoneMatch = None,
) -> DagProgress | Response:
    """Every node with its state, its jobs and why it is there; also long after its end."""
    jobs = await _jobs(core, cluster, dag, principal.username)
    if not jobs:
        raise NoSuchDag(f"cluster {cluster} shows no DAG {dag[:64]}")
    if observed_at := core.queues.status(cluster).observed_at:
        response.headers["Ink-Observed-At"] = observed_at.isoformat()
    return answer_tagged(response, progress(of_one_owner(jobs, principal.username)), if_none_match)


@router.delete("/{cluster}/{dag}", status_code=204)
async def remove_dag(principal: Manager, core: CoreParts, cluster: str, dag: str, key: IdempotencyKey = None) -> None:
    """All jobs of it that have not ended."""
    arguments: dict[str, JsonValue] = {"job_ids": [dag], "cluster": cluster}
    raise_refused(await result_of(core, principal, "remove_jobs", arguments, key))


async def _jobs(core: Core, cluster: str, dag: str, user: str) -> Sequence[Job]:
    """What the queue shows of it, and what it does not show any more."""
    ended = await core.history.of_dag(cluster, dag, user)
    try:
        shown = _of_dag(core.queues.index(cluster), dag)
    except SchedulerDown:
        if not ended:
            raise
        shown = list[Job]()
    known = {job.job_id: job for job in (*ended, *shown)}
    return list(known.values())


def _of_dag(index: QueueIndex, dag: str) -> Sequence[Job]:
    return [job for (_, name), jobs in index.by_dag.items() if name == dag for job in jobs]

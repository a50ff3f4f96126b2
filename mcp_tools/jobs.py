"""Job tools that look and submit. What changes existing jobs is in `job_actions`."""

from __future__ import annotations

import posixpath
from datetime import datetime
from typing import Any, TypeVar

from pydantic import Field, SerializerFunctionWrapHandler, field_serializer

from ink_core.agents import AccessPoint
from ink_core.compute.listing import JobQuery, list_jobs
from ink_core.compute.model import Explanation, Job, JobOptions, JobSpec, JobState, Submitted
from ink_core.compute.queues import make_known
from ink_core.compute.remote import RemoteJobControl
from ink_core.errors import BadInput
from ink_core.identity.principal import Scope
from ink_core.offload import offload
from mcp_tools.bindings import file_seen
from mcp_tools.context import ToolContext
from mcp_tools.spec import Binding, Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import cluster_named, find_job
from mcp_tools.workspace import base_directory

QUEUE_LABEL = Label(Confidentiality.SCRATCH, Integrity.UNTRUSTED)
"""The queue is open to all users of the site; names and commands in it are what users wrote."""

SUBMIT_TIMEOUT_S = 60
MAX_PATH = 4096
ASSUMED_WALL_TIME_S = 86400
"""What a job without a wall time is taken to use at most; the scheduler may let it run for longer."""


class ListJobs(ToolValue):
    cluster: str | None = Field(default=None, description="Cluster name; without it the default cluster.")
    owner: str | None = Field(default=None, description="User name; without it yourself, '*' for everybody.")
    states: tuple[JobState, ...] = Field(default=(), description="Only jobs in these states; empty for all.")
    limit: int = Field(default=200, ge=1, le=1000)


class JobList(ToolValue):
    """`total` and `counts` are of all jobs that match, `jobs` are the newest of them, without what is not known."""

    cluster: str
    observed_at: datetime
    jobs: tuple[Job, ...]
    total: int
    counts: dict[str, int]

    @field_serializer("jobs", mode="wrap")
    def _only_what_is_known(self, jobs: tuple[Job, ...], dump: SerializerFunctionWrapHandler) -> list[dict[str, Any]]:
        """Most fields of a job are empty, and a model or ledger keeps every row."""
        return [{name: value for name, value in row.items() if value is not None} for row in dump(jobs)]


class OneJob(ToolValue):
    job_id: str = Field(min_length=1, max_length=100, description="Like 172.0 (HTCondor) or 67890 (Slurm).")
    cluster: str | None = Field(default=None, description="Where several clusters have a job of that id.")


class JobDetails(Job, ToolValue):
    """All that the scheduler tells of one job."""


class JobExplanation(Explanation, ToolValue):
    """Why a job is where it is, and what can be done."""


class Submission(ToolValue):
    """What every submission names."""

    cluster: str | None = None
    working_directory: str | None = Field(default=None, description="From the workspace (or home); without it that.")


Asked = TypeVar("Asked", bound=Submission)


class SubmitJob(Submission, JobOptions):
    script: str = Field(
        min_length=1,
        max_length=4096,
        description="Script or program on the access point, from the workspace (or home).",
    )


class SubmittedJobs(Submitted, ToolValue):
    """Ids of the new jobs."""


async def _list(context: ToolContext, asked: ListJobs) -> JobList:
    queues = context.services.queues
    index = queues.index(cluster_named(queues, asked.cluster))
    states = frozenset(asked.states)
    query = JobQuery(owner=asked.owner or context.principal.username, states=states, limit=asked.limit)
    reads = len(index.by_owner.get(query.owner, ()))
    listed = await offload(lambda: list_jobs(index, query), reads)
    return JobList(
        cluster=index.snapshot.cluster,
        observed_at=index.snapshot.observed_at,
        jobs=tuple(listed.jobs),
        total=listed.total,
        counts={state: number for state, number in listed.counts.items() if not states or state in states},
    )


async def _describe(context: ToolContext, asked: OneJob) -> JobDetails:
    job = await find_job(context.services.queues, asked.job_id, asked.cluster)
    return JobDetails.model_validate(job.model_dump())


async def _explain(context: ToolContext, asked: OneJob) -> JobExplanation:
    job = await find_job(context.services.queues, asked.job_id, asked.cluster)
    explanation = await context.services.queues.explain(job.cluster, job.job_id)
    return JobExplanation.model_validate(explanation.model_dump())


async def with_cluster(context: ToolContext, asked: Asked) -> Asked:
    """The default cluster by its name, where none is named."""
    return asked.model_copy(update={"cluster": cluster_named(context.services.queues, asked.cluster)})


async def _preview_submit(context: ToolContext, asked: SubmitJob) -> Preview:
    jobs = "1 job" if asked.count == 1 else f"{asked.count} jobs"
    hours = asked.count * asked.cpus * (asked.tasks or 1) * (asked.wall_time_s or ASSUMED_WALL_TIME_S) / 3600
    spoken = f"{hours:.1f}".removesuffix(".0")
    spent = f"at most {spoken} CPU-hours" if asked.wall_time_s else f"{spoken} CPU-hours a day, no wall time"
    return Preview(
        summary=f"Submit {jobs} of {asked.script} to {asked.cluster} "
        f"({asked.cpus} CPU, {asked.memory_mb} MB each, {spent})",
        targets=(asked.script,),
        owners=(context.acting_as,),
        undo="remove_jobs with the new job ids",
        jobs=asked.count,
        cpu_hours=hours,
    )


async def _bind_submit(context: ToolContext, asked: SubmitJob) -> Binding:
    """The script as the acting user's access-point agent sees it: it is what will run."""
    home, base = context.services.homes.home(context.acting_as), base_directory(context)
    script = below(home, base, asked.script)
    seen = await file_seen(context, AccessPoint(context.acting_as), "input", script)
    return Binding(seen=(seen,)) if seen else Binding(unbound=(script,))


async def _submit(context: ToolContext, asked: SubmitJob) -> SubmittedJobs:
    cluster = cluster_named(context.services.queues, asked.cluster)
    home, base = context.services.homes.home(context.acting_as), base_directory(context)
    spec = JobSpec(
        executable=below(home, base, asked.script),
        working_directory=below(home, base, asked.working_directory or "."),
        **asked.model_dump(exclude={"script", "working_directory", "cluster"}),
    )
    submitted = await control_of(context, cluster).submit(context.acting_as, spec, context.operation_id)
    return await noted(context, submitted)


async def find_submitted(context: ToolContext, asked: Submission) -> SubmittedJobs | None:
    """The jobs of this operation, if it made any."""
    cluster = cluster_named(context.services.queues, asked.cluster)
    submitted = await control_of(context, cluster).find_operation(context.acting_as, context.operation_id)
    return await noted(context, submitted) if submitted else None


async def noted(context: ToolContext, submitted: Submitted) -> SubmittedJobs:
    return SubmittedJobs.model_validate(await made_known(context, submitted))


async def made_known(context: ToolContext, submitted: Submitted) -> dict[str, Any]:
    """What was submitted, with its operation, after whoever lists next sees it."""
    await make_known(context.services.queues, submitted)
    return {**submitted.model_dump(), "operation_id": context.operation_id}


def control_of(context: ToolContext, cluster: str, longest_s: float = SUBMIT_TIMEOUT_S) -> RemoteJobControl:
    return RemoteJobControl(context.services.agents, cluster, deadline_s=min(context.deadline_s, longest_s))


def below(home: str, base: str, path: str) -> str:
    """`~` and `~/x` begin at the home, relative paths at the base; absolute ones stay. Raises `BadInput`."""
    at_home = path == "~" or path.startswith("~/")
    whole = posixpath.normpath(posixpath.join(home, path[2:]) if at_home else posixpath.join(base, path))
    if len(whole) > MAX_PATH:
        raise BadInput(f"a path has at most {MAX_PATH} characters, with the directory that it begins at")
    return whole


TOOLS = (
    ToolSpec(
        name="list_jobs",
        title="List jobs",
        description="List jobs in the queue and jobs that ended lately, newest first.",
        input=ListJobs,
        output=JobList,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=10,
        label=QUEUE_LABEL,
        identifies={"jobs.*.job_id": "job"},
        run=_list,
    ),
    ToolSpec(
        name="describe_job",
        title="Describe a job",
        description="All details of one job: state, node, resources asked for and used, exit code, reason.",
        input=OneJob,
        output=JobDetails,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=40,
        label=QUEUE_LABEL,
        identifies={"job_id": "job"},
        run=_describe,
    ),
    ToolSpec(
        name="explain_job",
        title="Explain a job",
        description="Why a job is idle, held or failed, with the scheduler's evidence and what the user can do.",
        input=OneJob,
        output=JobExplanation,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=60,
        label=QUEUE_LABEL,
        run=_explain,
    ),
    ToolSpec(
        name="submit_job",
        title="Submit a job",
        description="Submit a script or program of the user as one or several batch jobs.",
        input=SubmitJob,
        output=SubmittedJobs,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_SUBMIT}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=False,
        timeout_s=SUBMIT_TIMEOUT_S + 40,
        label=Label(Confidentiality.SCRATCH, Integrity.TRUSTED),
        content=frozenset({"name"}),
        identifies={"job_ids.*": "job"},
        run=_submit,
        resolve=with_cluster,
        preview=_preview_submit,
        bind=_bind_submit,
        reconcile=find_submitted,
    ),
)

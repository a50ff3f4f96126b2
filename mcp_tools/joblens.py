"""What JobLens measured of jobs, for the agent: short enough for a model to read."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from ink_core.errors import Unavailable
from ink_core.identity.principal import Scope
from joblens.api.verdict_routes import LensVerdict
from joblens.api.views import LensFile, LensJob, LensJobRow
from joblens.errors import JobNotRecorded
from joblens.query.compare import compare
from joblens.query.lens import Lens
from joblens.query.series import job_series
from joblens.records import JobKey
from joblens.store.trace_store import Point
from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, Run, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import cluster_named, find_job

LENS_LABEL = Label(Confidentiality.USER, Integrity.UNTRUSTED)
"""Of one's own jobs; names of files and processes are what users wrote."""
MAX_METRICS = 6
TOLD_POINTS = 48
DEFAULT = ("cpu_percent", "rss_bytes", "read_rate", "write_rate")
USAGE_FILES = 5


class OneMeasuredJob(ToolValue):
    job_id: str = Field(min_length=1, max_length=255)
    cluster: str | None = Field(default=None, max_length=64)


class AskSeries(OneMeasuredJob):
    metrics: tuple[str, ...] = Field(default=DEFAULT, min_length=1, max_length=MAX_METRICS)
    start: float | None = Field(default=None, ge=0, description="Seconds since the epoch; without it the whole job.")
    end: float | None = Field(default=None, ge=0)


class ToldSeries(ToolValue):
    """Means of equal buckets in order, `-` where nothing was sampled."""

    metric: str
    unit: str
    lowest: float | None
    highest: float | None
    means: str


class JobUsage(ToolValue):
    """All at once: what it used, over time, on which files. `cpu_percent` is of one core."""

    job: LensJob
    over_time: tuple[ToldSeries, ...]
    bucket_s: float
    files: tuple[LensFile, ...]
    verdict: LensVerdict


class JobSeries(ToolValue):
    job: str
    cluster: str
    start: float
    bucket_s: float
    series: tuple[ToldSeries, ...]


class AskFiles(OneMeasuredJob):
    limit: int = Field(default=20, ge=1, le=200)


class JobFiles(ToolValue):
    """Most traffic first."""

    job: str
    cluster: str
    files: tuple[LensFile, ...]


class AskComparison(OneMeasuredJob):
    other_job_id: str = Field(min_length=1, max_length=255)
    other_cluster: str | None = Field(default=None, max_length=64)


class ComparedFigure(ToolValue):
    figure: str
    unit: str
    first: float
    second: float
    ratio: float | None


class JobsCompared(ToolValue):
    """`ratio` is second ÷ first."""

    first: LensJobRow
    second: LensJobRow
    figures: tuple[ComparedFigure, ...]


def lens_of(context: ToolContext) -> Lens:
    """Raises `Unavailable` where JobLens is off."""
    if context.services.lens is None:
        raise Unavailable("JobLens is switched off at this site: jobs are not measured")
    return context.services.lens


async def recorded_key(context: ToolContext, job_id: str, cluster: str | None) -> JobKey:
    """The job on that cluster, or on whichever has it. Raises as for a job that nobody knows."""
    queues = context.services.queues
    if cluster is not None:
        return JobKey(cluster_named(queues, cluster), job_id)
    for name in queues.clusters():
        try:
            return (await lens_of(context).summary(context.principal, JobKey(name, job_id))).key
        except JobNotRecorded:
            continue
    job = await find_job(queues, job_id, None)
    return JobKey(job.cluster, job.job_id)


async def _usage(context: ToolContext, asked: OneMeasuredJob) -> JobUsage:
    key = await recorded_key(context, asked.job_id, asked.cluster)
    summary = await lens_of(context).summary(context.principal, key)
    series = await _series(context, AskSeries(job_id=key.job, cluster=key.cluster))
    files = await _files(context, AskFiles(job_id=key.job, cluster=key.cluster, limit=USAGE_FILES))
    verdict = await lens_of(context).store.ask(lambda store: lens_of(context).judge(store, key))
    return JobUsage(
        job=LensJob.of(summary),
        over_time=series.series,
        bucket_s=series.bucket_s,
        files=files.files,
        verdict=LensVerdict.of(verdict),
    )


async def _series(context: ToolContext, asked: AskSeries) -> JobSeries:
    key = await recorded_key(context, asked.job_id, asked.cluster)
    found = await job_series(
        lens_of(context),
        context.principal,
        key,
        asked.metrics,
        start=asked.start,
        end=asked.end,
        points=TOLD_POINTS,
    )
    width = (found.end - found.start) / TOLD_POINTS
    told = tuple(_told(name, unit, found.points[name], found.start, width) for name, unit in found.units.items())
    return JobSeries(job=key.job, cluster=key.cluster, start=found.start, bucket_s=width, series=told)


def _told(name: str, unit: str, points: Sequence[Point], start: float, width: float) -> ToldSeries:
    sampled = [point for point in points if point.samples]
    by_place = {round((point.time - start) / width): f"{point.avg:.3g}" for point in sampled}
    return ToldSeries(
        metric=name,
        unit=unit,
        lowest=min((point.min for point in sampled), default=None),
        highest=max((point.max for point in sampled), default=None),
        means=" ".join(by_place.get(place, "-") for place in range(TOLD_POINTS)),
    )


async def _files(context: ToolContext, asked: AskFiles) -> JobFiles:
    key = await recorded_key(context, asked.job_id, asked.cluster)
    found = await lens_of(context).about(context.principal, key, lambda store: store.files(key, limit=asked.limit))
    return JobFiles(job=key.job, cluster=key.cluster, files=tuple(LensFile.of(sample) for sample in found))


async def _compare(context: ToolContext, asked: AskComparison) -> JobsCompared:
    lens = lens_of(context)
    first = await lens.summary(context.principal, await recorded_key(context, asked.job_id, asked.cluster))
    second = await lens.summary(context.principal, await recorded_key(context, asked.other_job_id, asked.other_cluster))
    figures = tuple(ComparedFigure(**row._asdict()) for row in compare(first, second))
    return JobsCompared(first=LensJobRow.of(first), second=LensJobRow.of(second), figures=figures)


def _reading(
    name: str,
    title: str,
    description: str,
    asked: type[ToolValue],
    told: type[ToolValue],
    run: Run,
    *,
    for_models: bool = False,
) -> ToolSpec:
    return ToolSpec(
        name=name,
        title=title,
        description=description,
        input=asked,
        output=told,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=45,
        label=LENS_LABEL,
        for_models=for_models,
        run=run,
    )


TOOLS: tuple[ToolSpec, ...] = (
    _reading(
        "job_usage",
        "What a job used",
        "What a job really used, measured: CPU, memory, I/O, files, over time.",
        OneMeasuredJob,
        JobUsage,
        _usage,
        for_models=True,
    ),
    _reading(
        "job_series",
        "A job over time",
        "Measured figures of a job over time, such as cpu_percent, rss_bytes, read_rate, write_rate, net_rx_rate, "
        "gpu_percent, threads.",
        AskSeries,
        JobSeries,
        _series,
    ),
    _reading(
        "job_files",
        "Files of a job",
        "Which files a job read and wrote, by bytes, most traffic first.",
        AskFiles,
        JobFiles,
        _files,
    ),
    _reading(
        "compare_jobs",
        "Compare two jobs",
        "Two measured jobs figure by figure, to see why one is slower.",
        AskComparison,
        JobsCompared,
        _compare,
    ),
)

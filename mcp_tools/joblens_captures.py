"""Captures of JobLens: look closer at a job for a while, and stop before the time is over."""

from __future__ import annotations

from pydantic import Field

from ink_core.compute.model import ENDED_STATES
from ink_core.errors import Conflict, JobNotFound
from ink_core.identity.principal import Scope
from joblens.captures.book import CaptureNotFound
from joblens.captures.capture import MAX_INTERVAL_S, MAX_SECONDS, MIN_INTERVAL_S, Capture, Detail
from joblens.errors import JobNotRecorded
from joblens.query.lens import unknown
from joblens.records import JobKey
from joblens.store.trace_store import JobState
from mcp_tools.context import ToolContext
from mcp_tools.joblens import LENS_LABEL, lens_of, recorded_key
from mcp_tools.spec import Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import find_job


class JobEnded(Conflict):
    """The job has ended: nothing of it can be sampled any more."""

    code = "job_ended"


class CaptureJob(ToolValue):
    job_id: str = Field(min_length=1, max_length=255)
    cluster: str | None = Field(default=None, max_length=64)
    seconds: float = Field(default=300, gt=0, le=MAX_SECONDS)
    interval_s: float = Field(default=1, ge=MIN_INTERVAL_S, le=MAX_INTERVAL_S)
    details: tuple[Detail, ...] = Field(default=tuple(Detail), max_length=len(Detail))
    reason: str = Field(default="", max_length=500)


class EndCapture(ToolValue):
    capture_id: str = Field(min_length=1, max_length=64)


class CaptureShown(ToolValue):
    """Times are seconds since the epoch."""

    capture_id: str
    cluster: str
    job: str
    begun: float
    until: float
    interval_s: float
    details: tuple[Detail, ...]
    by: str
    reason: str
    ended: float | None


async def _resolve(context: ToolContext, asked: CaptureJob) -> CaptureJob:
    key, _, _ = await _job(context, asked)
    return asked.model_copy(update={"cluster": key.cluster, "job_id": key.job})


async def _preview(context: ToolContext, asked: CaptureJob) -> Preview:
    key, owner, _ = await _job(context, asked)
    return Preview(
        summary=f"Sample job {key.job} of {owner} on {key.cluster} each {asked.interval_s:g} s for {asked.seconds:g} s",
        targets=(key.job,),
        owners=(owner,),
        undo="end_capture",
    )


async def _begin(context: ToolContext, asked: CaptureJob) -> CaptureShown:
    lens = lens_of(context)
    key, _, hosts = await _job(context, asked)
    begun = lens.now()
    wanted = Capture(
        id=context.operation_id,
        key=key,
        begun=begun,
        until=begun + asked.seconds,
        interval_s=asked.interval_s,
        details=tuple(dict.fromkeys(asked.details)),
        by=context.principal.username,
        reason=asked.reason,
        hosts=hosts,
    )
    return _shown(await lens.begin(wanted))


async def _job(context: ToolContext, asked: CaptureJob) -> tuple[JobKey, str, tuple[str, ...]]:
    """The job, its owner, and the hosts where it was seen. Raises `JobEnded`, or as for a job that nobody knows."""
    lens = lens_of(context)
    key = await recorded_key(context, asked.job_id, asked.cluster)
    try:
        summary = await lens.summary(context.principal, key)
    except JobNotRecorded:
        try:
            job = await find_job(context.services.queues, key.job, key.cluster)
        except JobNotFound:
            raise unknown(key) from None
        if job.owner != context.principal.username and not context.principal.administers:
            raise unknown(key) from None
        if job.state in ENDED_STATES:
            raise JobEnded(f"job {key.job} has ended") from None
        return key, job.owner, ()
    if summary.state is JobState.ENDED:
        raise JobEnded(f"job {key.job} has ended; what was recorded of it is there")
    owner = next((info.user for info in summary.infos), "")
    return key, owner, tuple(sorted({info.host for info in summary.infos}))


async def _preview_end(context: ToolContext, asked: EndCapture) -> Preview:
    capture = await _own(context, asked)
    return Preview(
        summary=f"End the capture of job {capture.key.job} on {capture.key.cluster} that {capture.by} began",
        targets=(capture.key.job,),
        owners=(capture.by,),
    )


async def _end(context: ToolContext, asked: EndCapture) -> CaptureShown:
    await _own(context, asked)
    return _shown(await lens_of(context).end(asked.capture_id))


async def _own(context: ToolContext, asked: EndCapture) -> Capture:
    """Of who began it, and for administrators anybody's; another one is as one that nobody ever began."""
    capture = await lens_of(context).capture(asked.capture_id)
    if capture is None or not (capture.by == context.principal.username or context.principal.administers):
        raise CaptureNotFound(f"there is no capture {asked.capture_id} of yours")
    return capture


def _shown(capture: Capture) -> CaptureShown:
    return CaptureShown(
        capture_id=capture.id,
        cluster=capture.key.cluster,
        job=capture.key.job,
        begun=capture.begun,
        until=capture.until,
        interval_s=capture.interval_s,
        details=capture.details,
        by=capture.by,
        reason=capture.reason,
        ended=capture.ended,
    )


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        name="capture_job",
        title="Capture a job",
        description="Measure a running job more closely for some minutes.",
        input=CaptureJob,
        output=CaptureShown,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_MANAGE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=45,
        label=LENS_LABEL,
        content=frozenset({"reason", "seconds", "interval_s", "details"}),
        handles={"job_id": "job"},
        run=_begin,
        resolve=_resolve,
        preview=_preview,
    ),
    ToolSpec(
        name="end_capture",
        title="End a capture",
        description="End a capture of a job before its time; what it recorded stays.",
        input=EndCapture,
        output=CaptureShown,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_MANAGE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=30,
        label=LENS_LABEL,
        for_models=False,
        run=_end,
        preview=_preview_end,
    ),
)

"""A job as INK's pages read it: every value a string, times in UTC, and INK's own state words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ink_core.agents import AGENT_JOB_NAME
from ink_core.compute.model import Job, JobState
from ink_core.compute.queues import Queues

BATCH = "batch"
AGENT = "agent"
_INK_STATES = frozenset(
    "SUBMITTING QUEUEING RUNNING COMPLETED HOLDING FAILED CANCELLED TIMEOUT OUT_OF_MEMORY OTHER".split()
)


def clusters_of(queues: Queues, cluster_id: str | None) -> Sequence[str]:
    """The cluster of that name, or all of them."""
    return (cluster_id,) if cluster_id else queues.clusters()


def jobs_of(queues: Queues, cluster_id: str | None, owner: str | None, job_type: str | None) -> list[Job]:
    """Newest first; all owners and types where none is named. Raises `NotFound` or `SchedulerDown`."""
    found = [
        job
        for cluster in clusters_of(queues, cluster_id)
        for job in queues.snapshot(cluster).jobs
        if (owner is None or job.owner == owner) and (job_type in (None, "", "all") or type_of(job) == job_type)
    ]
    found.sort(key=lambda job: (job.submitted_at.timestamp() if job.submitted_at else 0.0, job.job_id), reverse=True)
    return found


def type_of(job: Job) -> str:
    return AGENT if job.name == AGENT_JOB_NAME else BATCH


def row_of(job: Job) -> dict[str, Any]:
    """The columns of INK's job list; a Slurm job, which has a partition, has four more."""
    row = {
        "clusterId": job.cluster,
        "jobId": job.job_id,
        "jobType": type_of(job),
        "jobName": job.name,
        "jobSubmitTime": shown(job.submitted_at),
        "jobStatus": state_word(job.state),
        "jobStartTime": shown(job.started_at),
        "JobNodeList": job.node or "",
        "jobrunos": "",
        "connect_sign": "False",
        "hold_reason": (job.reason or "") if job.state is JobState.HOLDING else "",
        "jobtimelimit": "",
    }
    return row | _of_slurm(job) if job.queue else row


def _of_slurm(job: Job) -> dict[str, Any]:
    return {
        "submitUuid": job.operation_id or "",
        "jobAsyncSubmitTime": shown(job.submitted_at),
        "submitMode": "sync",
        "jobPartition": job.queue,
    }


def state_word(state: JobState) -> str:
    """A state that INK has no word for is `OTHER`."""
    return state.value if state.value in _INK_STATES else "OTHER"


def shown(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""

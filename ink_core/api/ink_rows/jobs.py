"""A job as INK's pages read it: every value a string, times in UTC, and INK's own state words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import orjson

from ink_core.agents import AGENT_JOB_NAME
from ink_core.api.kept_rows import KeptRows
from ink_core.apps.session import JOB_NAME_PREFIX
from ink_core.compute.model import Job, JobState
from ink_core.compute.queue_index import EVERYBODY, place
from ink_core.compute.queues import Queues
from ink_core.offload import json_joined

EVERY_TYPE = (None, "", "all")
BATCH = "batch"
AGENT = "agent"
TIME_LENGTH = len("2026-01-01 00:00:00")
_INK_STATES = frozenset(
    "SUBMITTING QUEUEING RUNNING COMPLETED HOLDING FAILED CANCELLED TIMEOUT OUT_OF_MEMORY OTHER".split()
)
_WORDS = {state: state.value if state.value in _INK_STATES else "OTHER" for state in JobState}


def clusters_of(queues: Queues, cluster_id: str | None) -> Sequence[str]:
    """The cluster of that name, or all of them."""
    return (cluster_id,) if cluster_id else queues.clusters()


def jobs_of(queues: Queues, cluster_id: str | None, owner: str | None, job_type: str | None) -> Sequence[Job]:
    """Newest first; all owners and types where none is named. Raises `NotFound` or `SchedulerDown`."""
    lists = [queues.index(name).by_owner.get(owner or EVERYBODY, ()) for name in clusters_of(queues, cluster_id)]
    found = lists[0] if len(lists) == 1 else sorted(chain(*lists), key=place, reverse=True)
    return found if job_type in EVERY_TYPE else [job for job in found if type_of(job) == job_type]


def how_many(queues: Queues, cluster_id: str | None, owner: str | None) -> int:
    """The length of `jobs_of` of every type, at no cost. Raises what that raises."""
    indexes = map(queues.index, clusters_of(queues, cluster_id))
    return sum(len(index.by_owner.get(owner or EVERYBODY, ())) for index in indexes)


def to_look_at(queues: Queues, cluster_id: str | None, owner: str | None, job_type: str | None, limit: int) -> int:
    """Jobs of several clusters are merged, and those of one type looked for; else only what is shown is looked at."""
    found = how_many(queues, cluster_id, owner)
    at_hand = job_type in EVERY_TYPE and len(clusters_of(queues, cluster_id)) == 1
    return min(found, limit) if at_hand else found


def page_of(jobs: Sequence[Job], page: int, limit: int) -> Sequence[Job]:
    return jobs[(page - 1) * limit : page * limit]


def type_of(job: Job) -> str:
    """Of the job of an app its name, as far as the job's own name tells."""
    if job.name.startswith(JOB_NAME_PREFIX):
        return job.name.removeprefix(JOB_NAME_PREFIX)
    return AGENT if job.name == AGENT_JOB_NAME else BATCH


def rows_of(jobs: Iterable[Job], ready: Container[tuple[str, str]]) -> orjson.Fragment:
    """The list of jobs as JSON. `ready` are those, by cluster and id, whose session of an app the caller can open."""
    return json_joined(_openable(job) if (job.cluster, job.job_id) in ready else _rows.of(job) for job in jobs)


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
        "jobrunos": job.os or "",
        "connect_sign": "False",
        "hold_reason": (job.reason or "") if job.state is JobState.HOLDING else "",
        "jobtimelimit": duration(job.wall_time_s),
    }
    return row | _of_slurm(job) if job.queue else row


def _openable(job: Job) -> bytes:
    return orjson.dumps(row_of(job) | {"connect_sign": "True"})


def _of_slurm(job: Job) -> dict[str, Any]:
    return {
        "submitUuid": job.operation_id or "",
        "jobAsyncSubmitTime": shown(job.submitted_at),
        "submitMode": "sync",
        "jobPartition": job.queue,
    }


def state_word(state: JobState) -> str:
    """A state that INK has no word for is `OTHER`."""
    return _WORDS[state]


def shown(moment: datetime | None) -> str:
    """Without its zone, which is UTC; made in a fifth of the time that `strftime` takes."""
    return moment.isoformat(" ", "seconds")[:TIME_LENGTH] if moment else ""


def duration(seconds: int | None) -> str:
    """`[D-]HH:MM:SS`; empty where there is no limit."""
    if seconds is None:
        return ""
    days, rest = divmod(seconds, 86400)
    text = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}-{text}" if days else text


_rows = KeptRows(lambda job: orjson.dumps(row_of(job)))

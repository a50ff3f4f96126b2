"""The job model: one shape for HTCondor, Slurm and the local scheduler.

Times are aware UTC, memory is in MB, durations are in seconds.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class JobState(StrEnum):
    """INK's own state words."""

    SUBMITTING = "SUBMITTING"
    QUEUEING = "QUEUEING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    HOLDING = "HOLDING"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMEOUT = "TIMEOUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    OTHER = "OTHER"


ENDED_STATES = frozenset(
    {JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED, JobState.TIMEOUT, JobState.OUT_OF_MEMORY}
)


class Job(Value):
    """One job as its scheduler tells it. `job_id` is the scheduler's own string: `172.0`, `67890`, `67890_3`."""

    cluster: str
    job_id: str
    owner: str
    name: str
    state: JobState
    command: str
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    node: str | None = None
    cpus: int | None = None
    memory_mb: int | None = None
    memory_peak_mb: int | None = None
    cpu_used_s: float | None = None
    exit_code: int | None = None
    reason: str | None = None
    reason_code: str | None = None
    queue: str | None = None
    group: str | None = None
    working_directory: str | None = None
    stdout: str | None = None
    stderr: str | None = None
    operation_id: str | None = None


class JobSpec(Value):
    """What to run. `executable` is a path on the access point; relative paths are below `working_directory`.

    `count` > 1 asks for that many equal jobs (a cluster or an array). The environment may hold no secret: schedulers
    show it to everybody.
    """

    executable: str = Field(min_length=1, max_length=4096)
    arguments: tuple[str, ...] = ()
    working_directory: str
    name: str = Field(default="", max_length=200)
    stdout: str | None = None
    stderr: str | None = None
    cpus: int = Field(default=1, ge=1, le=4096)
    memory_mb: int = Field(default=1024, ge=1)
    wall_time_s: int | None = Field(default=None, ge=1)
    environment: dict[str, str] = {}
    queue: str | None = None
    group: str | None = None
    count: int = Field(default=1, ge=1, le=10_000)


class Submitted(Value):
    """Ids of the new jobs, in order."""

    cluster: str
    job_ids: tuple[str, ...]


class JobAction(StrEnum):
    REMOVE = "remove"
    HOLD = "hold"
    RELEASE = "release"


class ActionResult(Value):
    """What became of an action on each job: done, or refused with the scheduler's reason."""

    done: tuple[str, ...]
    refused: dict[str, str]


class QueueSnapshot(Value):
    """All jobs a cluster shows at one moment: the queue and the recently ended ones."""

    cluster: str
    observed_at: datetime
    jobs: tuple[Job, ...]


class Node(Value):
    name: str
    state: str
    cpus: int
    cpus_used: int
    memory_mb: int


class ClusterHealth(Value):
    cluster: str
    observed_at: datetime
    nodes: tuple[Node, ...]
    problems: tuple[str, ...]


class Explanation(Value):
    """Why a job is where it is: the scheduler's facts first, then what the user can do."""

    job_id: str
    state: JobState
    summary: str
    evidence: tuple[str, ...]
    proposals: tuple[str, ...]

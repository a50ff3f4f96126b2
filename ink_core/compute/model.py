"""The job model: one shape for HTCondor, Slurm and the local scheduler.

Times are aware UTC, memory is in MB, durations are in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_WALL_TIME_S = 366 * 86400


class Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class JobState(StrEnum):
    """INK's own state words, and `SUSPENDED`, for which it has none."""

    SUBMITTING = "SUBMITTING"
    QUEUEING = "QUEUEING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    HOLDING = "HOLDING"
    SUSPENDED = "SUSPENDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    TIMEOUT = "TIMEOUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    OTHER = "OTHER"


ENDED_STATES = frozenset(
    {JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED, JobState.TIMEOUT, JobState.OUT_OF_MEMORY}
)


class Job(Value):
    """One job as its scheduler tells it. `job_id` is the scheduler's own string: `172.0`, `67890`, `67890_3`.

    In a pool of several schedds it ends with `@` and the name of the schedd, except for those of the first one.

    `os` is the operating system that an HTCondor job asks for (`HepJob_RequestOS`).

    Of one user's jobs those with a higher `priority` run first; 0 is what a job has without any. `dag` is the DAG that
    it is of, `dag_node` the node there; what manages a DAG has no node and tells, where it can, the names of all.
    `dag_parents` are the nodes that a node waits for: of its own, or of all where it manages them.

    `checkpoint` is the number, from 1, of the last one that an HTCondor job which checkpoints itself has sent to its
    access point; at `output_at` files of it came back to there last: at a checkpoint, or at its end.
    """

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
    wall_time_s: int | None = None
    priority: int | None = None
    memory_peak_mb: int | None = None
    cpu_used_s: float | None = None
    exit_code: int | None = None
    reason: str | None = None
    reason_code: str | None = None
    queue: str | None = None
    group: str | None = None
    os: str | None = None
    working_directory: str | None = None
    stdout: str | None = None
    stderr: str | None = None
    operation_id: str | None = None
    dag: str | None = None
    dag_node: str | None = None
    dag_nodes: tuple[str, ...] | None = None
    dag_parents: Mapping[str, tuple[str, ...]] | None = None
    checkpoint: int | None = None
    output_at: datetime | None = None


_JOB_FIELDS = set(Job.model_fields)


def compact(job: Job) -> Job:
    """The same job in less than half the memory: all share one set of the names of their fields."""
    return Job.model_construct(_JOB_FIELDS, **job.__dict__)


class JobOptions(Value):
    """How to run what is submitted.

    `count` > 1 asks for that many equal jobs (a cluster or an array). `queue`, `qos`, `nodes` and `tasks` are Slurm's;
    `attributes` of the job ad, `concurrency_limits` and `schedd` are HTCondor's. `gpu_type` is Slurm's name of the
    type, or a part of what HTCondor calls the device (`a100`). Paths are from the working directory.
    """

    arguments: tuple[str, ...] = Field(default=(), max_length=1000)
    name: str = Field(default="", max_length=200)
    stdout: str | None = Field(default=None, max_length=4096, description="File, from the working directory.")
    stderr: str | None = Field(default=None, max_length=4096)
    cpus: int = Field(default=1, ge=1, le=4096)
    memory_mb: int = Field(default=1024, ge=1, le=16_000_000)
    wall_time_s: int | None = Field(default=None, ge=1, le=MAX_WALL_TIME_S)
    environment: dict[str, str] = Field(default={}, max_length=1000, description="No secrets: everybody sees it.")
    queue: str | None = Field(default=None, description="Partition, where the cluster has several.")
    group: str | None = Field(default=None, description="Accounting group (HTCondor), account (Slurm).")
    count: int = Field(default=1, ge=1, le=10_000, description="Number of equal jobs.")
    priority: int = Field(default=0, ge=-1_000_000, le=1_000_000, description="Among one's own jobs; higher is first.")
    gpus: int = Field(default=0, ge=0, le=1024)
    gpu_type: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    node: str | None = Field(default=None, max_length=255, description="The only node to run on.")
    qos: str | None = Field(default=None, max_length=255)
    nodes: int | None = Field(default=None, ge=1, le=100_000)
    tasks: int | None = Field(default=None, ge=1, le=1_000_000)
    attributes: dict[str, str | int] = Field(default={}, max_length=100)
    concurrency_limits: str | None = Field(default=None, max_length=1000)
    schedd: str | None = Field(default=None, max_length=255, description="Where the pool has several (HTCondor).")

    @model_validator(mode="after")
    def _a_kind_of_some(self) -> Self:
        if self.gpu_type is not None and not self.gpus:
            raise ValueError("say how many GPUs of this type: gpus")
        return self


class JobSpec(JobOptions):
    """What to run. `executable` is a path on the access point; relative paths are below `working_directory`."""

    executable: str = Field(min_length=1, max_length=4096)
    working_directory: str


class Description(Value):
    """A job in the scheduler's own language: an HTCondor submit description or a Slurm batch script.

    Either the text or the path of a file that the submitting user can read; relative paths, also those in the text, are
    below `working_directory`.
    """

    text: str | None = Field(default=None, min_length=1, max_length=1_000_000)
    path: str | None = Field(default=None, min_length=1, max_length=4096)
    working_directory: str
    schedd: str | None = Field(default=None, max_length=255)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.path is None):
            raise ValueError("give either the text or the path of a description")
        return self


class JobChanges(Value):
    """What to change of jobs that are in the queue; None leaves a thing as it is."""

    memory_mb: int | None = Field(default=None, ge=1, le=16_000_000)
    cpus: int | None = Field(default=None, ge=1, le=4096)
    wall_time_s: int | None = Field(default=None, ge=1, le=MAX_WALL_TIME_S)
    priority: int | None = Field(default=None, ge=-1_000_000, le=1_000_000)
    name: str | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_dump(exclude_none=True, include=set(JobChanges.model_fields)):
            raise ValueError(f"say what to change: {', '.join(JobChanges.model_fields)}")
        return self

    @property
    def only_while_waiting(self) -> bool:
        """A job that runs has its CPUs and memory, and keeps them."""
        return self.memory_mb is not None or self.cpus is not None


class Submitted(Value):
    """Ids of the new jobs, in order; `operation_id` is what they carry, where that is known."""

    cluster: str
    job_ids: tuple[str, ...]
    operation_id: str | None = None


class JobAction(StrEnum):
    REMOVE = "remove"
    HOLD = "hold"
    RELEASE = "release"
    SUSPEND = "suspend"
    RESUME = "resume"


PAST = {
    JobAction.REMOVE: "removed",
    JobAction.HOLD: "held",
    JobAction.RELEASE: "released",
    JobAction.SUSPEND: "suspended",
    JobAction.RESUME: "resumed",
}


class ActionResult(Value):
    """What became of an action on each job: done, or refused with the scheduler's reason."""

    done: tuple[str, ...]
    refused: dict[str, str]


class QueueSnapshot(Value):
    """All jobs a cluster shows at one moment: the queue and the recently ended ones.

    `problems` name the parts of the cluster whose jobs are older than that.
    """

    cluster: str
    observed_at: datetime
    jobs: tuple[Job, ...]
    problems: tuple[str, ...] = ()


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


class Associations(Value):
    """What a user may name in a submission on one cluster; empty where there is nothing to choose."""

    accounts: tuple[str, ...] = ()
    qos: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()


class Explanation(Value):
    """Why a job is where it is: the scheduler's facts first, then what the user can do."""

    job_id: str
    state: JobState
    summary: str
    evidence: tuple[str, ...]
    proposals: tuple[str, ...]

"""The scheduler seam, in two halves because two identities use it.

`QueueReader` runs in the manager with a read-only identity: one poller per cluster calls it. `JobControl` runs as the
user, inside that user's access-point agent. Both are blocking; their callers run them in threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ink_core.compute.dag import Dag, SubmittedDag
from ink_core.compute.model import (
    ActionResult,
    Associations,
    ClusterHealth,
    Description,
    Explanation,
    Job,
    JobAction,
    JobChanges,
    JobSpec,
    QueueSnapshot,
    Submitted,
)
from ink_core.compute.priorities import Priorities
from ink_core.compute.topology import Topology


class QueueReader(Protocol):
    """Read side of one cluster. Every method raises `SchedulerDown` within its adapter's deadline."""

    @property
    def cluster(self) -> str: ...

    def snapshot(self) -> QueueSnapshot:
        """All jobs in the queue and those that ended lately, in one bulk query.

        A job that is as it was is the same object again, and so are all `jobs` where nothing has changed.
        """
        ...

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        """Those of these jobs that the scheduler tells of, as they are now, without a question about all the others."""
        ...

    def health(self) -> ClusterHealth: ...

    def topology(self) -> Topology:
        """Nodes, slots, schedds and partitions, as they are now."""
        ...

    def associations(self, user: str) -> Associations:
        """What this user may name in a submission: Slurm's accounts, QOS and partitions."""
        ...

    def priorities(self) -> Priorities:
        """Whose jobs come first."""
        ...

    def explain(self, job_id: str) -> Explanation:
        """Why the job is idle, held or failed. Raises `JobNotFound`."""
        ...


class JobControl(Protocol):
    """Write side of one cluster, acting as the calling process's own user."""

    @property
    def cluster(self) -> str: ...

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        """Submit once: `operation_id` is stored in the job, and an id whose jobs are in the queue returns those.

        Ended jobs need not be looked for: after a submit of unknown fate ask `find_operation` before repeating it.
        """
        ...

    def submit_description(self, description: Description, operation_id: str) -> Submitted:
        """The same for a job in the scheduler's own language. Raises `SchedulerRefused` where there is none."""
        ...

    def submit_dag(self, dag: Dag, operation_id: str) -> SubmittedDag:
        """The whole DAG once: of an operation that was cut short in between, what is missing. Safe to repeat.

        Ended jobs are looked for too. No node's job begins before all are submitted.
        """
        ...

    def find_operation(self, operation_id: str) -> Submitted | None:
        """The jobs that carry this operation id, in the queue or the history; None when there are none.

        For a DAG, of which some nodes may be missing, a `SubmittedDag`.
        """
        ...

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult: ...

    def edit(self, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
        """Changes jobs in the queue; CPUs and memory of those only that wait or are held."""
        ...

"""`QueueReader` and `JobControl` for HTCondor, in this process: see the package on why they are run in a child."""

from __future__ import annotations

from collections.abc import Sequence

from ink_core.compute.dag import Dag, SubmittedDag
from ink_core.compute.htcondor.actions import act
from ink_core.compute.htcondor.dagman import submit_dag
from ink_core.compute.htcondor.editing import edit
from ink_core.compute.htcondor.explain import explain
from ink_core.compute.htcondor.nodes import health
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.htcondor.priorities import priorities
from ink_core.compute.htcondor.queue import QueueQuery
from ink_core.compute.htcondor.submission import find_operation, submit, submit_description
from ink_core.compute.htcondor.topology import topology
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
from ink_core.compute.options import HtcondorOptions
from ink_core.compute.priorities import Priorities
from ink_core.compute.topology import Topology


class HtcondorReader:
    def __init__(self, options: HtcondorOptions) -> None:
        self._pool = Pool(options)
        self._queue = QueueQuery(self._pool)

    @property
    def cluster(self) -> str:
        return self._pool.options.name

    def snapshot(self) -> QueueSnapshot:
        return self._queue.snapshot()

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        return self._queue.look(job_ids)

    def health(self) -> ClusterHealth:
        return health(self._pool)

    def topology(self) -> Topology:
        return topology(self._pool)

    def associations(self, user: str) -> Associations:
        """HTCondor does not tell which accounting groups a user may name."""
        return Associations()

    def priorities(self) -> Priorities:
        return priorities(self._pool)

    def explain(self, job_id: str) -> Explanation:
        return explain(self._pool, job_id)


class HtcondorControl:
    def __init__(self, options: HtcondorOptions) -> None:
        self._pool = Pool(options)

    @property
    def cluster(self) -> str:
        return self._pool.options.name

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        return submit(self._pool, spec, operation_id)

    def submit_description(self, description: Description, operation_id: str) -> Submitted:
        return submit_description(self._pool, description, operation_id)

    def submit_dag(self, dag: Dag, operation_id: str) -> SubmittedDag:
        return submit_dag(self._pool, dag, operation_id)

    def find_operation(self, operation_id: str) -> Submitted | None:
        return find_operation(self._pool, operation_id)

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
        return act(self._pool, action, job_ids, reason)

    def edit(self, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
        return edit(self._pool, changes, job_ids)

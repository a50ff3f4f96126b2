"""A real scheduler's adapters, run in a child process.

HTCondor's bindings hold the interpreter's lock while they wait for the network, for a minute where a daemon is silent,
and a large queue takes long to parse: neither may stop the manager or an agent. A call past its deadline kills the
child.
"""

from __future__ import annotations

from collections.abc import Sequence

from ink_core.compute.child_calls import (
    PAGE,
    Act,
    AssociationsOf,
    Edit,
    ExplainJob,
    Find,
    JobPage,
    LookAt,
    Observe,
    Observed,
    PageAt,
    Submit,
    SubmitText,
    SubmitWhole,
)
from ink_core.compute.child_process import ChildProcess
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
    compact,
)
from ink_core.compute.options import ClusterOptions
from ink_core.compute.priorities import Priorities
from ink_core.compute.scheduler_calls import OperationFound
from ink_core.compute.topology import Topology

NODES_PER_DEADLINE = 50
"""Each node of a DAG may be a request to the scheduler."""


def _child_for(options: ClusterOptions) -> ChildProcess:
    return ChildProcess(
        "ink_core.compute.child", options, what=f"cluster {options.name}", deadline_s=options.deadline_s
    )


class ChildReader:
    """`QueueReader`; one thread at a time takes a snapshot, and its pages belong together."""

    def __init__(self, options: ClusterOptions) -> None:
        self._cluster = options.name
        self._child = _child_for(options)
        self._mark: str | None = None
        self._seen: dict[str, Job] = {}
        self._jobs: tuple[Job, ...] = ()

    @property
    def cluster(self) -> str:
        return self._cluster

    def snapshot(self) -> QueueSnapshot:
        """A job that is as it was is the same object again: of a large queue little is new, and to be read."""
        with self._child.several_calls():
            seen = self._child.call("observe", Observe(since=self._mark), Observed)
            changed: list[Job] = []
            for offset in range(0, seen.jobs, PAGE):
                changed += map(self._kept, self._child.call("jobs", PageAt(offset=offset), JobPage).jobs)
        if seen.whole or changed or seen.left:
            self._take(seen, changed)
        self._mark = seen.mark
        return QueueSnapshot.model_construct(cluster=self._cluster, observed_at=seen.observed_at, jobs=self._jobs)

    def _take(self, seen: Observed, changed: Sequence[Job]) -> None:
        jobs = {} if seen.whole else dict(self._seen)
        for job_id in seen.left:
            del jobs[job_id]
        self._seen = jobs | {job.job_id: job for job in changed}
        self._jobs = tuple(self._seen.values())

    def _kept(self, job: Job) -> Job:
        known = self._seen.get(job.job_id)
        return known if known is not None and known == job else compact(job)

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        pages = (tuple(job_ids[start : start + PAGE]) for start in range(0, len(job_ids), PAGE))
        return [compact(job) for page in pages for job in self._child.call("look", LookAt(job_ids=page), JobPage).jobs]

    def health(self) -> ClusterHealth:
        return self._child.call("health", None, ClusterHealth)

    def topology(self) -> Topology:
        return self._child.call("topology", None, Topology)

    def associations(self, user: str) -> Associations:
        return self._child.call("associations", AssociationsOf(user=user), Associations)

    def priorities(self) -> Priorities:
        return self._child.call("priorities", None, Priorities)

    def explain(self, job_id: str) -> Explanation:
        return self._child.call("explain", ExplainJob(job_id=job_id), Explanation)

    def close(self) -> None:
        """Ends the child process; it also ends with this one."""
        self._child.close()


class ChildControl:
    """`JobControl`."""

    def __init__(self, options: ClusterOptions) -> None:
        self._cluster = options.name
        self._child = _child_for(options)

    @property
    def cluster(self) -> str:
        return self._cluster

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        return self._child.call("submit", Submit(spec=spec, operation_id=operation_id), Submitted)

    def submit_description(self, description: Description, operation_id: str) -> Submitted:
        asked = SubmitText(description=description, operation_id=operation_id)
        return self._child.call("submit_description", asked, Submitted)

    def submit_dag(self, dag: Dag, operation_id: str) -> SubmittedDag:
        asked, times = SubmitWhole(dag=dag, operation_id=operation_id), 1 + len(dag.nodes) // NODES_PER_DEADLINE
        return self._child.call("submit_dag", asked, SubmittedDag, times=times)

    def find_operation(self, operation_id: str) -> Submitted | None:
        return self._child.call("find_operation", Find(operation_id=operation_id), OperationFound).submitted

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
        return self._child.call("act", Act(action=action, job_ids=tuple(job_ids), reason=reason), ActionResult)

    def edit(self, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
        return self._child.call("edit", Edit(changes=changes, job_ids=tuple(job_ids)), ActionResult)

    def close(self) -> None:
        """Ends the child process; it also ends with this one."""
        self._child.close()

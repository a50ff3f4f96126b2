"""Submits and acts on local jobs."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ink_core.clock import Clock, SystemClock
from ink_core.compute.dag import Dag, DagNode, SubmittedDag, dag_id_of, naming
from ink_core.compute.local.capacity import Capacity, of_machine
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.schema import LocalJob, NewJobs
from ink_core.compute.local.slots import pump
from ink_core.compute.model import (
    PAST,
    ActionResult,
    Description,
    JobAction,
    JobChanges,
    JobSpec,
    JobState,
    Submitted,
)
from ink_core.compute.own_user import own_user
from ink_core.compute.precheck import check
from ink_core.compute.processes import is_alive, pid_of, signal_process, signal_tree
from ink_core.errors import SchedulerDown, SchedulerRefused

_INHERITED = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR")
_ALLOWED: dict[JobAction, tuple[JobState, ...]] = {
    JobAction.HOLD: (JobState.QUEUEING, JobState.RUNNING, JobState.SUSPENDED),
    JobAction.RELEASE: (JobState.HOLDING,),
    JobAction.REMOVE: (JobState.QUEUEING, JobState.RUNNING, JobState.HOLDING, JobState.SUSPENDED),
    JobAction.SUSPEND: (JobState.RUNNING,),
    JobAction.RESUME: (JobState.SUSPENDED,),
}
_STOPPING = {JobAction.SUSPEND: signal.SIGSTOP, JobAction.RESUME: signal.SIGCONT}
_OF_A_CLUSTER = {"gpus", "gpu_type", "node", "qos", "nodes", "tasks", "attributes", "concurrency_limits", "schedd"}
_WAITING = (JobState.QUEUEING, JobState.HOLDING)
_IN_QUEUE = (*_WAITING, JobState.RUNNING, JobState.SUSPENDED)


class LocalControl:
    """`owner` is the name that jobs carry (default: the process's user); `superusers` may act on everybody's."""

    def __init__(
        self,
        cluster: str,
        directory: Path,
        *,
        owner: str | None = None,
        superusers: Sequence[str] = (),
        slots: int | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._cluster = cluster
        self._owner = owner or own_user()
        self._superusers = frozenset(superusers)
        self._machine = of_machine(slots)
        self._clock = clock or SystemClock()
        with queue_errors(directory):
            self._queue = LocalQueue(directory)

    @property
    def cluster(self) -> str:
        return self._cluster

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        with queue_errors(self._queue.directory):
            job_ids = self._queue.find(self._owner, operation_id) or self._queue.submit(self._new(spec, operation_id))
            pump(self._queue, self._machine, self._now())
        return Submitted(cluster=self._cluster, job_ids=job_ids)

    def submit_description(self, description: Description, operation_id: str) -> Submitted:
        raise SchedulerRefused(f"the local scheduler {self._cluster} has no language of its own: submit a script")

    def submit_dag(self, dag: Dag, operation_id: str) -> SubmittedDag:
        """In one transaction: nothing is ever missing of it."""
        if dag.schedd is not None:
            raise SchedulerRefused("the local scheduler knows no schedd: leave it empty")
        name = dag_id_of(operation_id)
        with queue_errors(self._queue.directory):
            job_ids = self._queue.find_dag(self._owner, name) or self._queue.submit_dag(
                [self._new_node(node, name, operation_id) for node in dag.nodes]
            )
            pump(self._queue, self._machine, self._now())
        return SubmittedDag(cluster=self._cluster, job_ids=job_ids, dag=name)

    def find_operation(self, operation_id: str) -> Submitted | None:
        dag = dag_id_of(operation_id)
        with queue_errors(self._queue.directory):
            job_ids = self._queue.find(self._owner, operation_id)
            of_dag = self._queue.find_dag(self._owner, dag)
        if of_dag:
            return SubmittedDag(cluster=self._cluster, job_ids=of_dag, dag=dag)
        return Submitted(cluster=self._cluster, job_ids=job_ids) if job_ids else None

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
        refused: dict[str, str] = {}
        with queue_errors(self._queue.directory):
            for job_id in dict.fromkeys(job_ids):
                if (refusal := self._act_on(action, job_id, reason)) is not None:
                    refused[job_id] = refusal
            pump(self._queue, self._machine, self._now())
        done = tuple(job_id for job_id in dict.fromkeys(job_ids) if job_id not in refused)
        return ActionResult(done=done, refused=refused)

    def edit(self, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
        unique = tuple(dict.fromkeys(job_ids))
        with queue_errors(self._queue.directory):
            refusals = {job_id: self._edit_one(changes, job_id) for job_id in unique}
            pump(self._queue, self._machine, self._now())
        refused = {job_id: why for job_id, why in refusals.items() if why is not None}
        return ActionResult(done=tuple(job_id for job_id in unique if job_id not in refused), refused=refused)

    def _edit_one(self, changes: JobChanges, job_id: str) -> str | None:
        if (refusal := self._not_ours(job_id)) is not None:
            return refusal
        if (lack := self._machine.lack(Capacity(changes.cpus or 0, changes.memory_mb or 0))) is not None:
            return lack
        allowed = _WAITING if changes.only_while_waiting else _IN_QUEUE
        before = self._queue.edit(job_id, allowed, changes.model_dump(exclude_none=True))
        if before is None or before.state not in allowed:
            return f"it is {'gone' if before is None else before.state}, so this cannot be changed"
        return None

    def _new(self, spec: JobSpec, operation_id: str) -> NewJobs:
        _refuse_what_is_of_a_cluster(spec)
        if (lack := self._machine.lack(Capacity(spec.cpus, spec.memory_mb))) is not None:
            raise SchedulerRefused(f"the job can never run here: {lack}")
        command = check(spec)
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return NewJobs(
            owner=self._owner,
            operation_id=operation_id,
            name=command.name,
            argv=command.argv,
            working_directory=command.working_directory,
            stdout=spec.stdout or f"{command.label}.out.{{job_id}}",
            stderr=spec.stderr or f"{command.label}.err.{{job_id}}",
            environment={**inherited, **spec.environment},
            cpus=spec.cpus,
            memory_mb=spec.memory_mb,
            wall_time_s=spec.wall_time_s,
            queue=spec.queue,
            group=spec.group,
            priority=spec.priority,
            count=spec.count,
            submitted_at=self._now(),
        )

    def _new_node(self, node: DagNode, dag: str, operation_id: str) -> NewJobs:
        with naming(node):
            new = self._new(node.job, f"{operation_id} {node.name}")
        return replace(new, dag=dag, dag_node=node.name, parents=node.parents)

    def _act_on(self, action: JobAction, job_id: str, reason: str) -> str | None:
        """Why it was refused, or None."""
        if (refusal := self._not_ours(job_id)) is not None:
            return refusal
        if action is JobAction.SUSPEND and self._starts(job_id):
            return "it is only just starting: ask again"
        before = self._change(action, job_id, reason)
        if before is None or before.state not in _ALLOWED[action]:
            return f"it is {'gone' if before is None else before.state}, so it cannot be {PAST[action]}"
        if action in _STOPPING:
            _signal_job(before, _STOPPING[action])
        elif before.runner is not None and before.claim is not None:
            signal_process(before.runner, signal.SIGTERM)
            if before.state == JobState.SUSPENDED:
                _signal_job(before, signal.SIGCONT)
        return None

    def _starts(self, job_id: str) -> bool:
        """It has its slots, and no process yet that could be stopped."""
        job = self._queue.job(job_id)
        return job is not None and job.state == JobState.RUNNING and job.process is None

    def _not_ours(self, job_id: str) -> str | None:
        job = self._queue.job(job_id)
        if job is None:
            return "there is no such job"
        if job.owner != self._owner and self._owner not in self._superusers:
            return f"it is a job of {job.owner}"
        return None

    def _change(self, action: JobAction, job_id: str, reason: str) -> LocalJob | None:
        allowed = _ALLOWED[action]
        text = f"{reason} (by {self._owner})" if reason else f"by {self._owner}"
        match action:
            case JobAction.HOLD:
                return self._queue.change_state(job_id, allowed, JobState.HOLDING, text, "user_request", None)
            case JobAction.RELEASE:
                return self._queue.change_state(job_id, allowed, JobState.QUEUEING, None, None, None)
            case JobAction.REMOVE:
                return self._queue.change_state(job_id, allowed, JobState.CANCELLED, text, "user_request", self._now())
            case JobAction.SUSPEND:
                return self._queue.change_state(job_id, allowed, JobState.SUSPENDED, text, "user_request", None)
            case JobAction.RESUME:
                return self._queue.change_state(job_id, allowed, JobState.RUNNING, None, None, None)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _signal_job(job: LocalJob, number: int) -> None:
    """Signals all processes of a job."""
    if job.process is not None and is_alive(job.process):
        signal_tree([pid_of(job.process)], number)


def _refuse_what_is_of_a_cluster(spec: JobSpec) -> None:
    given = spec.model_dump(include=_OF_A_CLUSTER)
    if named := [name for name, value in given.items() if value]:
        raise SchedulerRefused(f"the local scheduler knows no {', '.join(named)}: leave them empty")


@contextmanager
def queue_errors(directory: Path) -> Generator[None]:
    """Turns the file's errors into ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise SchedulerDown(f"the local queue in {directory} cannot be used: {error}") from error

"""`QueueReader` and `JobControl` for HTCondor, through a child process that holds the bindings."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from ink_core.compute.child_process import ChildProcess
from ink_core.compute.htcondor.calls import Act, ExplainJob, Find, Submit
from ink_core.compute.model import (
    ActionResult,
    ClusterHealth,
    Explanation,
    JobAction,
    JobSpec,
    QueueSnapshot,
    Submitted,
)
from ink_core.compute.options import HtcondorOptions
from ink_core.compute.scheduler_calls import OperationFound
from ink_core.errors import BadInput

_CHILD = "ink_core.compute.htcondor.child"


def _child_for(options: HtcondorOptions) -> ChildProcess:
    if find_spec("htcondor2") is None:
        raise BadInput(f"cluster {options.name} needs HTCondor's bindings: install ink-harness[htcondor]")
    what = f"the schedd {options.schedd or 'of this host'}"
    return ChildProcess(_CHILD, options, what=what, deadline_s=options.deadline_s)


class HtcondorReader:
    def __init__(self, options: HtcondorOptions) -> None:
        self._cluster = options.name
        self._child = _child_for(options)

    @property
    def cluster(self) -> str:
        return self._cluster

    def snapshot(self) -> QueueSnapshot:
        return self._child.call("snapshot", None, QueueSnapshot)

    def health(self) -> ClusterHealth:
        return self._child.call("health", None, ClusterHealth)

    def explain(self, job_id: str) -> Explanation:
        return self._child.call("explain", ExplainJob(job_id=job_id), Explanation)

    def close(self) -> None:
        """Ends the child process; it also ends with this one."""
        self._child.close()


class HtcondorControl:
    def __init__(self, options: HtcondorOptions) -> None:
        self._cluster = options.name
        self._child = _child_for(options)

    @property
    def cluster(self) -> str:
        return self._cluster

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        return self._child.call("submit", Submit(spec=spec, operation_id=operation_id), Submitted)

    def find_operation(self, operation_id: str) -> Submitted | None:
        return self._child.call("find_operation", Find(operation_id=operation_id), OperationFound).submitted

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
        return self._child.call("act", Act(action=action, job_ids=tuple(job_ids), reason=reason), ActionResult)

    def close(self) -> None:
        """Ends the child process; it also ends with this one."""
        self._child.close()

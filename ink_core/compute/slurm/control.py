"""Submits to Slurm and acts on its jobs, as this process's user.

The operation's id is the job's comment. slurmctld remembers it until `MinJobAge` after the job's end, slurmdbd longer,
where Slurm is configured with `AccountingStoreFlags=job_comment`. A submit asks slurmctld only; whoever does not know
whether an earlier one took place calls `find_operation`, which asks both and fails where the accounting is silent.

Limit: with an accounting that keeps no comments an operation whose job ended more than `MinJobAge` ago is not found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from ink_core.compute.dag import Dag, SubmittedDag, dag_id_of
from ink_core.compute.model import ActionResult, Description, JobAction, JobChanges, JobSpec, Submitted
from ink_core.compute.options import SlurmOptions
from ink_core.compute.own_user import own_user
from ink_core.compute.precheck import check, text_of
from ink_core.compute.slurm.actions import act
from ink_core.compute.slurm.dags import submit_nodes
from ink_core.compute.slurm.description import SCRIPT, describe, login, refuse_schedd
from ink_core.compute.slurm.editing import edit
from ink_core.compute.slurm.interface import Slurm, open_slurm
from ink_core.compute.slurm.records import accounted_ids, in_order, jobs_from, node_of, operation_of
from ink_core.compute.slurm.scontrol import beside, configuration, run
from ink_core.errors import SchedulerDown, SchedulerRefused


class SlurmControl:
    def __init__(self, options: SlurmOptions, slurm: Slurm | None = None) -> None:
        self._cluster = options.name
        self._slurm = slurm or open_slurm(options)
        self._submitting = threading.Lock()

    @property
    def cluster(self) -> str:
        return self._cluster

    def close(self) -> None:
        self._slurm.close()

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        def send() -> Submitted:
            job_id = self._slurm.submit(SCRIPT, describe(spec, check(spec), operation_id))
            tasks = tuple(f"{job_id}_{task}" for task in range(spec.count))
            return Submitted(cluster=self._cluster, job_ids=tasks if spec.count > 1 else (job_id,))

        return self._once(operation_id, send)

    def submit_description(self, description: Description, operation_id: str) -> Submitted:
        """By `sbatch`, which alone reads the `#SBATCH` lines of a script."""
        return self._once(operation_id, lambda: self._sbatch(description, operation_id))

    def _once(self, operation_id: str, send: Callable[[], Submitted]) -> Submitted:
        with self._submitting:
            if (found := self._in_queue(operation_id)) is not None:
                return found
            try:
                return send()
            except SchedulerDown:
                # The answer may have been lost after Slurm took the job.
                if (found := self.find_operation(operation_id)) is not None:
                    return found
                raise

    def _sbatch(self, description: Description, operation_id: str) -> Submitted:
        refuse_schedd(description.schedd)
        options = self._slurm.options
        argv = [
            beside(options, "sbatch"),
            "--parsable",
            f"--comment={operation_id}",
            f"--chdir={description.working_directory}",
        ]
        script, directory = text_of(description), description.working_directory
        done = run(options, argv, stdin=script, directory=directory, environment=login() | configuration())
        if done.returncode != 0:
            raise SchedulerRefused(f"Slurm refused the script: {' '.join(done.stderr.split())}")
        job_id = done.stdout.strip().partition(";")[0]
        return self._in_queue(operation_id) or Submitted(cluster=self._cluster, job_ids=(job_id,))

    def submit_dag(self, dag: Dag, operation_id: str) -> SubmittedDag:
        refuse_schedd(dag.schedd)
        with self._submitting:
            present = self._ids_in_queue(operation_id)
            if {node_of(comment) for comment in present} != {node.name for node in dag.nodes}:
                present = {**self._ids_in_accounting(operation_id), **present}
            known = {node: ids for comment, ids in present.items() if (node := node_of(comment)) is not None}
            job_ids = submit_nodes(self._slurm, dag, operation_id, known)
        return SubmittedDag(cluster=self._cluster, job_ids=tuple(job_ids), dag=dag_id_of(operation_id))

    def find_operation(self, operation_id: str) -> Submitted | None:
        return self._in_queue(operation_id) or self._found(operation_id, self._ids_in_accounting(operation_id))

    def _in_queue(self, operation_id: str) -> Submitted | None:
        return self._found(operation_id, self._ids_in_queue(operation_id))

    def _ids_in_queue(self, operation_id: str) -> Mapping[str, set[str]]:
        """Ids of this operation's jobs, by their comment: that of a DAG's node names the node too."""
        found: dict[str, set[str]] = {}
        for one in self._slurm.jobs():
            if operation_of(one.get("comment")) == operation_id and one.get("user_name") == own_user():
                ids = (job.job_id for job in jobs_from(self._cluster, one))
                found.setdefault(str(one["comment"]), set()).update(ids)
        return found

    def _ids_in_accounting(self, operation_id: str) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in self._slurm.accounted(own_user()):
            comment = one["comment"]["job"]
            if operation_of(comment) == operation_id:
                found.setdefault(comment, set()).update(accounted_ids(one))
        return found

    def _found(self, operation_id: str, by_comment: Mapping[str, set[str]]) -> Submitted | None:
        if not by_comment:
            return None
        job_ids = tuple(sorted(set[str]().union(*by_comment.values()), key=in_order))
        if any(map(node_of, by_comment)):
            return SubmittedDag(cluster=self._cluster, job_ids=job_ids, dag=dag_id_of(operation_id))
        return Submitted(cluster=self._cluster, job_ids=job_ids)

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
        """Slurm keeps no reason for these actions: `reason` stays with the caller's own records."""
        return act(self._slurm, action, job_ids)

    def edit(self, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
        return edit(self._slurm, changes, job_ids)

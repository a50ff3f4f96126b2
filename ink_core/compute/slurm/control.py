"""Submits to Slurm and acts on its jobs, as this process's user.

The operation's id is the job's comment. slurmctld remembers it until `MinJobAge` after the job's end, slurmdbd longer,
where Slurm is configured with `AccountingStoreFlags=job_comment`. A submit asks slurmctld only; whoever does not know
whether an earlier one took place calls `find_operation`, which asks both and fails where the accounting is silent.

Limit: with an accounting that keeps no comments an operation whose job ended more than `MinJobAge` ago is not found.
"""

from __future__ import annotations

import os
import pwd
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from pydantic import JsonValue

from ink_core.compute.model import ActionResult, Description, JobAction, JobChanges, JobSpec, Submitted
from ink_core.compute.options import SlurmOptions
from ink_core.compute.precheck import check, text_of
from ink_core.compute.slurm.actions import act
from ink_core.compute.slurm.description import SCRIPT, describe, login
from ink_core.compute.slurm.editing import edit
from ink_core.compute.slurm.records import accounted_ids, jobs_from
from ink_core.compute.slurm.rest import SlurmRest
from ink_core.compute.slurm.scontrol import run
from ink_core.errors import SchedulerDown, SchedulerRefused


class SlurmControl:
    def __init__(self, options: SlurmOptions, rest: SlurmRest | None = None) -> None:
        self._cluster = options.name
        self._rest = rest or SlurmRest(options)
        self._submitting = threading.Lock()

    @property
    def cluster(self) -> str:
        return self._cluster

    def close(self) -> None:
        self._rest.close()

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        def send() -> Submitted:
            body: JsonValue = {"script": SCRIPT, "job": describe(spec, check(spec), operation_id)}
            job_id = str(self._rest.post("/job/submit", body)["job_id"])
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
        options = self._rest.options
        sbatch = str(Path(options.scontrol).with_name("sbatch"))
        argv = [sbatch, "--parsable", f"--comment={operation_id}", f"--chdir={description.working_directory}"]
        configuration = {name: os.environ[name] for name in ("SLURM_CONF",) if name in os.environ}
        script, directory = text_of(description), description.working_directory
        done = run(options, argv, stdin=script, directory=directory, environment={**login(), **configuration})
        if done.returncode != 0:
            raise SchedulerRefused(f"Slurm refused the script: {' '.join(done.stderr.split())}")
        job_id = done.stdout.strip().partition(";")[0]
        return self._in_queue(operation_id) or Submitted(cluster=self._cluster, job_ids=(job_id,))

    def find_operation(self, operation_id: str) -> Submitted | None:
        return self._in_queue(operation_id) or self._in_accounting(operation_id)

    def _in_queue(self, operation_id: str) -> Submitted | None:
        records = self._rest.get("/jobs/")["jobs"]
        mine = (one for one in records if one.get("comment") == operation_id and one.get("user_name") == _user())
        return self._found({job.job_id for record in mine for job in jobs_from(self._cluster, record)})

    def _in_accounting(self, operation_id: str) -> Submitted | None:
        since = int(time.time() - self._rest.options.history_s)
        records = self._rest.get_accounting(f"/jobs/?users={quote(_user())}&start_time={since}")["jobs"]
        mine = (record for record in records if record["comment"]["job"] == operation_id)
        return self._found({job_id for record in mine for job_id in accounted_ids(record)})

    def _found(self, job_ids: set[str]) -> Submitted | None:
        if not job_ids:
            return None
        return Submitted(cluster=self._cluster, job_ids=tuple(sorted(job_ids, key=_in_order)))

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
        """Slurm keeps no reason for these actions: `reason` stays with the caller's own records."""
        return act(self._rest, action, job_ids)

    def edit(self, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
        return edit(self._rest, changes, job_ids)


def _user() -> str:
    return pwd.getpwuid(os.getuid()).pw_name


def _in_order(job_id: str) -> tuple[int, int]:
    job, _, task = job_id.partition("_")
    return int(job), int(task or 0)

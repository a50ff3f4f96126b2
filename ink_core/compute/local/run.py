"""One local job from its claim to its end: record start, exit code and use, then start the next waiting jobs."""

from __future__ import annotations

import os
import signal
import time

from ink_core.compute.local.capacity import Capacity
from ink_core.compute.local.execution import AWAITED, Outcome, execute
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.schema import SELECT_JOBS, LocalJob, job_from, keys
from ink_core.compute.local.slots import Claim, pump
from ink_core.compute.processes import call_this_process, identity

STARTER = "ink_starter"
"""JobLens knows by this name that what the process begins is a job, and by its command line which one."""


def run(queue: LocalQueue, claim: Claim, machine: Capacity) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    job = begin(queue, claim)
    if job is not None:
        name = call_this_process(STARTER)
        outcome = execute(job, lambda process: _record_process(queue, claim, process))
        call_this_process(name)  # the runners that `pump` begins are no processes of this job
        finish(queue, claim, outcome)
    pump(queue, machine, time.time())


def begin(queue: LocalQueue, claim: Claim) -> LocalJob | None:
    """The job, now ours; None when the claim has lapsed or the job was held or removed meanwhile."""
    with queue.transaction() as connection:
        row = connection.execute(
            f"{SELECT_JOBS} WHERE cluster_id = ? AND proc_id = ? AND claim = ?", (*keys(claim.job_id), claim.token)
        ).fetchone()
        if row is None:
            return None
        wanted = row["state"] == "RUNNING"
        connection.execute(
            "UPDATE jobs SET runner = ?, claim = ?, exit_code = NULL WHERE cluster_id = ? AND proc_id = ?",
            (identity(os.getpid()), claim.token if wanted else None, *keys(claim.job_id)),
        )
        return job_from(row) if wanted else None


def _record_process(queue: LocalQueue, claim: Claim, process: str | None) -> None:
    with queue.transaction() as connection:
        connection.execute(
            "UPDATE jobs SET process = ? WHERE cluster_id = ? AND proc_id = ? AND claim = ?",
            (process, *keys(claim.job_id), claim.token),
        )


def finish(queue: LocalQueue, claim: Claim, outcome: Outcome) -> None:
    """Frees the slots. The state is ours to set only if nobody held or removed the job meanwhile."""
    ended_at = None if outcome.state == "HOLDING" else time.time()
    own = (*keys(claim.job_id), claim.token)
    with queue.transaction() as connection:
        connection.execute(
            "UPDATE jobs SET state = ?, reason = ?, reason_code = ?, exit_code = ?, ended_at = ? "
            "WHERE cluster_id = ? AND proc_id = ? AND claim = ? AND state IN ('RUNNING', 'SUSPENDED')",
            (outcome.state, outcome.reason, outcome.reason_code, outcome.exit_code, ended_at, *own),
        )
        connection.execute(
            "UPDATE jobs SET claim = NULL, memory_peak_mb = ?, cpu_used_s = ? "
            "WHERE cluster_id = ? AND proc_id = ? AND claim = ?",
            (outcome.memory_peak_mb, outcome.cpu_used_s, *own),
        )

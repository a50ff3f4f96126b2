"""Starts what is due: gives free slots and memory to waiting jobs by priority, then first come first served, and finds
runners that died.

There is no daemon. Whoever touches the queue calls `pump`; a runner that ends calls it too, so a queued job starts even
when nobody asks again. A claim is a token: only the runner that holds it may begin, so no job starts twice.

Limits: a queue belongs to one user of the machine, so among owners that he stands for priorities count across; nothing
starts before a large job that waits its turn, since nobody knows how long jobs take.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
import subprocess
import sys
from dataclasses import dataclass

from ink_core.compute.local.capacity import Capacity
from ink_core.compute.local.dependencies import settle
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.schema import IN_USE, PRIORITY, SELECT_JOBS, LocalJob, job_from, keys
from ink_core.compute.processes import is_alive, pid_of, signal_tree

CLAIM_LIFETIME_S = 30.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    job_id: str
    token: str


def pump(queue: LocalQueue, machine: Capacity, now: float) -> None:
    """Starts every job that is due. Its errors are logged: they are not those of whoever happened to call."""
    reap(queue, now)
    while (claim := claim_next(queue, machine, now)) is not None:
        argv = ["ink_core.compute.local.runner", str(queue.directory), claim.job_id, claim.token, str(machine.cpus)]
        try:
            _start_runner(argv)
        except (OSError, subprocess.SubprocessError) as error:
            _LOG.error("job %s: its runner did not start and will be tried again: %s", claim.job_id, error)
            return


def _start_runner(argv: list[str]) -> None:
    """Returns when the runner has detached itself, which is at once."""
    subprocess.run(
        [sys.executable, "-I", "-m", *argv],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd="/", env={"LANG": "C.UTF-8"}, start_new_session=True, timeout=CLAIM_LIFETIME_S, check=True,
    )  # fmt: skip


def claim_next(queue: LocalQueue, machine: Capacity, now: float) -> Claim | None:
    """Takes what the first waiting job asks for if so much is free; a large job waits for it and is not overtaken.

    One that asks for more than there is would keep all behind it out for ever, and is held. None is submitted so: it
    comes from a machine, or a setting, that had more.
    """
    with queue.transaction() as connection:
        while (job := _first_waiting(connection)) is not None and (lack := machine.lack(job.asked)) is not None:
            _hold(connection, job, lack)
        if job is None or (machine - Capacity(*connection.execute(IN_USE).fetchone())).lack(job.asked) is not None:
            return None
        claim = Claim(job.job_id, secrets.token_hex(8))
        connection.execute(
            "UPDATE jobs SET state = 'RUNNING', claim = ?, claimed_at = ?, started_at = ?, runner = NULL, "
            "process = NULL WHERE cluster_id = ? AND proc_id = ?",
            (claim.token, now, now, *keys(claim.job_id)),
        )
        return claim


def _first_waiting(connection: sqlite3.Connection) -> LocalJob | None:
    row = connection.execute(
        f"{SELECT_JOBS} WHERE state = 'QUEUEING' AND claim IS NULL AND waits_for IS NULL "
        f"ORDER BY {PRIORITY} DESC, cluster_id, proc_id LIMIT 1"
    ).fetchone()
    return None if row is None else job_from(row)


def _hold(connection: sqlite3.Connection, job: LocalJob, lack: str) -> None:
    """With those of its array that ask for the same: one by one, an array of thousands would take minutes."""
    cluster_id, proc_id = keys(job.job_id)
    connection.execute(
        "UPDATE jobs SET state = 'HOLDING', reason = ?, reason_code = 'too_large' "
        "WHERE cluster_id = ? AND state = 'QUEUEING' AND claim IS NULL AND waits_for IS NULL "
        "AND changes IS (SELECT changes FROM jobs WHERE cluster_id = ? AND proc_id = ?)",
        (lack, cluster_id, cluster_id, proc_id),
    )


def reap(queue: LocalQueue, now: float) -> None:
    """Frees the slots of runners that died or never came, fails or requeues their jobs, and settles who waits."""
    with queue.transaction() as connection:
        for row in connection.execute(f"{SELECT_JOBS} WHERE claim IS NOT NULL").fetchall():
            job = job_from(row)
            if job.runner is None and now - (job.claimed_at or now) > CLAIM_LIFETIME_S:
                _requeue(connection, job)
            elif job.runner is not None and not is_alive(job.runner):
                _bury(connection, job, now)
        settle(connection, now)


def _requeue(connection: sqlite3.Connection, job: LocalJob) -> None:
    connection.execute(
        "UPDATE jobs SET claim = NULL, state = iif(state IN ('RUNNING', 'SUSPENDED'), 'QUEUEING', state) "
        "WHERE cluster_id = ? AND proc_id = ?",
        keys(job.job_id),
    )


def _bury(connection: sqlite3.Connection, job: LocalJob, now: float) -> None:
    if job.process is not None and is_alive(job.process):
        signal_tree([pid_of(job.process)], 9)
    connection.execute("UPDATE jobs SET claim = NULL WHERE cluster_id = ? AND proc_id = ?", keys(job.job_id))
    connection.execute(
        "UPDATE jobs SET state = 'FAILED', ended_at = ?, reason_code = 'runner_died', "
        "reason = 'the process that ran this job died (killed, or the machine restarted); submit it again' "
        "WHERE cluster_id = ? AND proc_id = ? AND state IN ('RUNNING', 'SUSPENDED')",
        (now, *keys(job.job_id)),
    )

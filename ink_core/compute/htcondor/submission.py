"""Submits: the operation's id stands in the job ad, so that its jobs are found again.

Before anything is submitted the queue is asked for the id, which the schedd answers from its memory. The history is
not: it is read from its file for every question, seconds to minutes on a busy schedd. So a repeated submit is caught
while its jobs are in the queue; whoever does not know whether an earlier one took place calls `find_operation` first.
"""

from __future__ import annotations

import getpass
import os
import pwd
import re
import time
from collections.abc import Sequence
from typing import Any

from ink_core.compute.htcondor.ads import OPERATION_ID, WALL_TIME, job_id
from ink_core.compute.htcondor.pool import Pool, quoted
from ink_core.compute.htcondor.quoting import join
from ink_core.compute.model import JobSpec, Submitted
from ink_core.compute.precheck import Command, check
from ink_core.errors import BadInput, SchedulerDown, SchedulerRefused

_IDS = ("ClusterId", "ProcId")
_HISTORY_LIMIT = 10_000
_GROUP = re.compile(r"[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*")


def submit(pool: Pool, spec: JobSpec, operation_id: str) -> Submitted:
    if (found := _jobs(pool, pool.query(_of(operation_id), _IDS))) is not None:
        return found
    description = describe(spec, check(spec), operation_id)
    try:
        result = pool.submit(description, spec.count)
    except SchedulerDown:
        # The answer may have been lost after the schedd took the jobs, and short ones may have ended since.
        if (found := find_operation(pool, operation_id)) is not None:
            return found
        raise
    first = result.first_proc()
    job_ids = tuple(f"{result.cluster()}.{proc}" for proc in range(first, first + result.num_procs()))
    return Submitted(cluster=pool.options.name, job_ids=job_ids)


def find_operation(pool: Pool, operation_id: str) -> Submitted | None:
    """Looks in the queue and in the history, as far back as `history_s`."""
    constraint = _of(operation_id)
    ended_after = int(time.time() - pool.options.history_s)
    queue = pool.query(constraint, _IDS)  # first: a job that ends meanwhile is then in both, never in neither
    history = pool.history(constraint, _IDS, limit=_HISTORY_LIMIT, ended_after=ended_after)
    return _jobs(pool, [*queue, *history])


def _of(operation_id: str) -> str:
    return f"{OPERATION_ID} == {quoted(operation_id)} && Owner == {quoted(getpass.getuser())}"


def _jobs(pool: Pool, ads: Sequence[Any]) -> Submitted | None:
    if not ads:
        return None
    in_order = sorted({(ad["ClusterId"], ad["ProcId"]): job_id(ad) for ad in ads}.items())
    return Submitted(cluster=pool.options.name, job_ids=tuple(name for _, name in in_order))


def describe(spec: JobSpec, command: Command, operation_id: str) -> dict[str, str]:
    """The submit description. Its values are macros: every `$` of the user's is escaped."""
    if spec.queue is not None:
        raise SchedulerRefused("HTCondor has no queues: leave the queue empty")
    executable, *arguments = command.argv
    description = {
        "executable": _literal(executable),
        "arguments": _list(arguments),
        "environment": _list([f"{name}={value}" for name, value in _environment(spec).items()], job_id=True),
        "initialdir": _literal(command.working_directory),
        "output": _literal(spec.stdout) if spec.stdout else f"{command.label}.out.$(ClusterId).$(ProcId)",
        "error": _literal(spec.stderr) if spec.stderr else f"{command.label}.err.$(ClusterId).$(ProcId)",
        "batch_name": _literal(command.name),
        "request_cpus": str(spec.cpus),
        "request_memory": str(spec.memory_mb),
        f"My.{OPERATION_ID}": _literal(quoted(operation_id)),
    }
    if spec.wall_time_s is not None:
        description[f"My.{WALL_TIME}"] = str(spec.wall_time_s)
        description["periodic_remove"] = f"JobStatus == 2 && time() - JobCurrentStartDate > {spec.wall_time_s}"
    if spec.group is not None:
        if not _GROUP.fullmatch(spec.group):
            raise BadInput(f"{spec.group!r} is no name of an accounting group")
        description["accounting_group"] = spec.group
    return description


def _environment(spec: JobSpec) -> dict[str, str]:
    """What a login gives; HTCondor itself gives a job next to nothing."""
    user = pwd.getpwuid(os.getuid())
    basics = {
        "HOME": user.pw_dir,
        "USER": user.pw_name,
        "LOGNAME": user.pw_name,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    return {**basics, **spec.environment}


def _literal(value: str) -> str:
    return value.replace("$", "$(DOLLAR)")


def _list(values: list[str], *, job_id: bool = False) -> str:
    """In double quotes, which mark the new syntax and are doubled within it."""
    if any("\n" in value or "\r" in value for value in values):
        raise BadInput("HTCondor takes no line breaks in arguments or environment values")
    own = " INK_JOB_ID=$(ClusterId).$(ProcId)" if job_id else ""
    return '"' + _literal(join(values).replace('"', '""')) + own + '"'

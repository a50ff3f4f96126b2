"""Submits: the operation's id stands in the job ad, so that its jobs are found again.

Before anything is submitted the queue is asked for the id, which the schedd answers from its memory. The history is
not: it is read from its file for every question, seconds to minutes on a busy schedd. So a repeated submit is caught
while its jobs are in the queue; whoever does not know whether an earlier one took place calls `find_operation` first.
"""

from __future__ import annotations

import os
import pwd
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from typing import Any

from ink_core.compute.dag import SubmittedDag
from ink_core.compute.htcondor import attributes
from ink_core.compute.htcondor.ads import OPERATION_ID, WALL_TIME, is_dagman, job_id
from ink_core.compute.htcondor.pool import Pool, quoted
from ink_core.compute.htcondor.quoting import join, literal
from ink_core.compute.model import Description, JobSpec, Submitted
from ink_core.compute.own_user import own_user
from ink_core.compute.placeholders import numbered
from ink_core.compute.precheck import Command, check, text_of
from ink_core.errors import BadInput, SchedulerDown, SchedulerRefused

_IDS = ("ClusterId", "ProcId", "Cmd")
_HISTORY_LIMIT = 10_000
_GROUP = re.compile(r"[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*")
_LIMITS = re.compile(r"[A-Za-z_][\w.]*(:\d+(\.\d+)?)?(\s*,\s*[A-Za-z_][\w.]*(:\d+(\.\d+)?)?)*", re.ASCII)
_NODE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


def check_schedd(pool: Pool, asked: str | None) -> None:
    """Of several, the right one has been chosen before: see `schedds`."""
    if asked not in (None, pool.options.schedd):
        raise BadInput(f"{pool.options.name} has no schedd {asked!r}; there is {pool.options.schedd or 'only one'}")


def submit(pool: Pool, spec: JobSpec, operation_id: str) -> Submitted:
    check_schedd(pool, spec.schedd)

    def send() -> Any:
        return pool.submit(describe(spec, check(spec), operation_id), spec.count)

    return _once(pool, operation_id, send)


def submit_description(pool: Pool, description: Description, operation_id: str) -> Submitted:
    """Within the working directory, which is where its relative paths begin: in this process, which is a child's."""
    check_schedd(pool, description.schedd)

    def send() -> Any:
        text = text_of(description)
        with chdir(description.working_directory):
            return pool.submit_text(text, {f"My.{OPERATION_ID}": literal(quoted(operation_id))})

    return _once(pool, operation_id, send)


def _once(pool: Pool, operation_id: str, send: Callable[[], Any]) -> Submitted:
    if (found := _jobs(pool, pool.query(_of(operation_id), _IDS))) is not None:
        return found
    try:
        result = send()
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
    return f"{OPERATION_ID} == {quoted(operation_id)} && Owner == {quoted(own_user())}"


def _jobs(pool: Pool, ads: Sequence[Any]) -> Submitted | None:
    if not ads:
        return None
    in_order = sorted({(ad["ClusterId"], ad["ProcId"]): job_id(ad) for ad in ads}.items())
    job_ids = tuple(name for _, name in in_order)
    if any(is_dagman(ad) for ad in ads):
        return SubmittedDag(cluster=pool.options.name, job_ids=job_ids, dag=str(in_order[0][0][0]))
    return Submitted(cluster=pool.options.name, job_ids=job_ids)


def describe(spec: JobSpec, command: Command, operation_id: str) -> dict[str, str]:
    """The submit description. Its values are macros: every `$` of the user's is escaped."""
    _refuse_what_is_slurms(spec)
    executable, *arguments = command.argv
    description = {
        "executable": literal(executable),
        "arguments": _numbered(_list(arguments)),
        "environment": _list([f"{name}={value}" for name, value in _environment(spec).items()], job_id=True),
        "initialdir": literal(command.working_directory),
        "output": _numbered(literal(spec.stdout)) if spec.stdout else f"{command.label}.out.$(ClusterId).$(ProcId)",
        "error": _numbered(literal(spec.stderr)) if spec.stderr else f"{command.label}.err.$(ClusterId).$(ProcId)",
        "batch_name": literal(command.name),
        "request_cpus": str(spec.cpus),
        "request_memory": str(spec.memory_mb),
        f"My.{OPERATION_ID}": literal(quoted(operation_id)),
        **attributes.added(spec.attributes),
        **_placement(spec),
    }
    if spec.wall_time_s is not None:
        description[f"My.{WALL_TIME}"] = str(spec.wall_time_s)
        description["periodic_remove"] = remove_when(spec.wall_time_s)
    return description


def remove_when(wall_time_s: int) -> str:
    """The expression by which a job is removed that has run for so long."""
    return f"JobStatus == 2 && time() - JobCurrentStartDate > {wall_time_s}"


def _refuse_what_is_slurms(spec: JobSpec) -> None:
    if spec.queue is not None:
        raise SchedulerRefused("HTCondor has no queues: leave the queue empty")
    if spec.qos is not None or spec.nodes is not None or spec.tasks is not None:
        raise SchedulerRefused("HTCondor knows no QOS, nodes or tasks of a job: leave them empty")


def _placement(spec: JobSpec) -> Mapping[str, str]:
    """Priority, accounting, and where the job may run."""
    found: dict[str, str] = {}
    if spec.priority:
        found["priority"] = str(spec.priority)
    if spec.gpus:
        found["request_gpus"] = str(spec.gpus)
    if spec.gpu_type is not None:
        found["require_gpus"] = f'regexp({quoted(re.escape(spec.gpu_type))}, DeviceName, "i")'
    if spec.group is not None:
        found["accounting_group"] = _matching(_GROUP, spec.group, "an accounting group")
    if spec.concurrency_limits is not None:
        found["concurrency_limits"] = _matching(_LIMITS, spec.concurrency_limits, "concurrency limits")
    if spec.node is not None:
        found["requirements"] = f"Machine == {quoted(_matching(_NODE, spec.node, 'a node'))}"
    return found


def _matching(form: re.Pattern[str], text: str, what: str) -> str:
    if not form.fullmatch(text):
        raise BadInput(f"{text!r} is no name of {what}")
    return text


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


def _numbered(text: str) -> str:
    """With the job's numbers where the user wrote their placeholders: macros whose values are digits."""
    return numbered(text, "$(ClusterId)", "$(ProcId)")


def _list(values: list[str], *, job_id: bool = False) -> str:
    """In double quotes, which mark the new syntax and are doubled within it."""
    if any("\n" in value or "\r" in value for value in values):
        raise BadInput("HTCondor takes no line breaks in arguments or environment values")
    own = " INK_JOB_ID=$(ClusterId).$(ProcId)" if job_id else ""
    return '"' + literal(join(values).replace('"', '""')) + own + '"'

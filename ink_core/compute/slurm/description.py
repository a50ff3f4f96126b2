"""What is sent to Slurm for a job: one constant script, and the user's command as its arguments."""

from __future__ import annotations

import os
import pwd
import shlex

from pydantic import JsonValue

from ink_core.compute.model import JobSpec
from ink_core.compute.placeholders import has_numbers, numbered
from ink_core.compute.precheck import Command
from ink_core.errors import BadInput, SchedulerRefused

SCRIPT = """#!/bin/sh
INK_JOB_ID=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
export INK_JOB_ID="${INK_JOB_ID:-$SLURM_JOB_ID}"
exec "$@"
"""
"""The same for every job: what the user runs comes as its arguments and is never read by a shell."""
_MAX_SHOWN = 1000


def describe(spec: JobSpec, command: Command, operation_id: str) -> dict[str, JsonValue]:
    if spec.attributes or spec.concurrency_limits is not None:
        raise SchedulerRefused("Slurm has no job ads: leave attributes and concurrency limits empty")
    refuse_schedd(spec.schedd)
    if any(map(has_numbers, command.argv)):
        raise SchedulerRefused(
            "Slurm puts a job's numbers in file names only; in the job they are $SLURM_ARRAY_TASK_ID"
        )
    ids = "%A_%a" if spec.count > 1 else "%j"
    job: dict[str, JsonValue] = {
        "name": command.name,
        "comment": operation_id,
        "argv": [shlex.join(command.argv)[:_MAX_SHOWN], *command.argv],
        "current_working_directory": command.working_directory,
        "environment": [f"{name}={value}" for name, value in {**login(), **spec.environment}.items()],
        "standard_output": _file(spec.stdout, spec.count) if spec.stdout else f"{command.label}.out.{ids}",
        "standard_error": _file(spec.stderr, spec.count) if spec.stderr else f"{command.label}.err.{ids}",
        "tasks": spec.tasks or 1,
        "cpus_per_task": spec.cpus,
        "memory_per_node": _number(spec.memory_mb),
    }
    wished: dict[str, JsonValue] = {
        "time_limit": None if spec.wall_time_s is None else _number(-(-spec.wall_time_s // 60)),
        "partition": spec.queue,
        "account": spec.group,
        "qos": spec.qos,
        "required_nodes": spec.node,
        "nodes": None if spec.nodes is None else str(spec.nodes),
        "tres_per_node": _gpus(spec),
        "nice": -spec.priority or None,
        "array": f"0-{spec.count - 1}" if spec.count > 1 else None,
    }
    return job | {name: value for name, value in wished.items() if value is not None}


def _gpus(spec: JobSpec) -> str | None:
    """`gres/gpu:a100:2`; Slurm's names of types are in small letters by custom, and compared as they are."""
    kind = "" if spec.gpu_type is None else f"{spec.gpu_type}:"
    return f"gres/gpu:{kind}{spec.gpus}" if spec.gpus else None


def refuse_schedd(schedd: str | None) -> None:
    if schedd is not None:
        raise SchedulerRefused("Slurm has no schedds: leave the schedd empty")


def login() -> dict[str, str]:
    """What a login gives."""
    user = pwd.getpwuid(os.getuid())
    return {
        "HOME": user.pw_dir,
        "USER": user.pw_name,
        "LOGNAME": user.pw_name,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }


def _file(path: str, count: int) -> str:
    """A file name for Slurm, to which `%` and a backslash mean something, with the job's numbers in it."""
    if "\\" in path:
        raise BadInput(f"Slurm takes no backslash in the name of an output file: {path}")
    cluster, proc = ("%A", "%a") if count > 1 else ("%j", "0")
    return numbered(path.replace("%", "%%").replace("%%{", "%{"), cluster, proc).replace("%{", "%%{")


def _number(value: int) -> JsonValue:
    return {"set": True, "infinite": False, "number": value}

"""What is sent to Slurm for a job: one constant script, and the user's command as its arguments."""

from __future__ import annotations

import os
import pwd
import shlex

from pydantic import JsonValue

from ink_core.compute.model import JobSpec
from ink_core.compute.precheck import Command
from ink_core.errors import BadInput

SCRIPT = """#!/bin/sh
INK_JOB_ID=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
export INK_JOB_ID="${INK_JOB_ID:-$SLURM_JOB_ID}"
exec "$@"
"""
"""The same for every job: what the user runs comes as its arguments and is never read by a shell."""
_MAX_SHOWN = 1000


def describe(spec: JobSpec, command: Command, operation_id: str) -> dict[str, JsonValue]:
    ids = "%A_%a" if spec.count > 1 else "%j"
    job: dict[str, JsonValue] = {
        "name": command.name,
        "comment": operation_id,
        "argv": [shlex.join(command.argv)[:_MAX_SHOWN], *command.argv],
        "current_working_directory": command.working_directory,
        "environment": [f"{name}={value}" for name, value in _environment(spec).items()],
        "standard_output": _file(spec.stdout) if spec.stdout else f"{command.label}.out.{ids}",
        "standard_error": _file(spec.stderr) if spec.stderr else f"{command.label}.err.{ids}",
        "tasks": 1,
        "cpus_per_task": spec.cpus,
        "memory_per_node": _number(spec.memory_mb),
    }
    if spec.wall_time_s is not None:
        job["time_limit"] = _number(-(-spec.wall_time_s // 60))
    if spec.queue is not None:
        job["partition"] = spec.queue
    if spec.group is not None:
        job["account"] = spec.group
    if spec.count > 1:
        job["array"] = f"0-{spec.count - 1}"
    return job


def _environment(spec: JobSpec) -> dict[str, str]:
    user = pwd.getpwuid(os.getuid())
    basics = {
        "HOME": user.pw_dir,
        "USER": user.pw_name,
        "LOGNAME": user.pw_name,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    return {**basics, **spec.environment}


def _file(path: str) -> str:
    """A file name for Slurm, to which `%` and a backslash mean something."""
    if "\\" in path:
        raise BadInput(f"Slurm takes no backslash in the name of an output file: {path}")
    return path.replace("%", "%%")


def _number(value: int) -> JsonValue:
    return {"set": True, "infinite": False, "number": value}

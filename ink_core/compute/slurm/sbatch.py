"""A job description of slurmrestd as options of `sbatch`, which takes the script from its standard input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from ink_core.compute.slurm.records import number
from ink_core.errors import SchedulerRefused

_TEXTS = {
    "name": "job-name",
    "comment": "comment",
    "current_working_directory": "chdir",
    "standard_output": "output",
    "standard_error": "error",
    "tasks": "ntasks",
    "cpus_per_task": "cpus-per-task",
    "partition": "partition",
    "account": "account",
    "qos": "qos",
    "required_nodes": "nodelist",
    "nodes": "nodes",
    "nice": "nice",
    "array": "array",
    "dependency": "dependency",
}
_NUMBERS = {"memory_per_node": "mem", "time_limit": "time"}
"""Megabytes and minutes, in both languages."""
_OBEYED = ("SBATCH_", "SLURM_")
_FLAGS = {"KILL_INVALID_DEPENDENCY": "--kill-on-invalid-dep=yes"}


def options_of(job: Mapping[str, JsonValue]) -> Sequence[str]:
    """Without the arguments of the script and the environment. Each value is one argument with its option's name."""
    found = [f"--{option}={job[name]}" for name, option in _TEXTS.items() if name in job]
    found += [f"--{option}={number(job[name])}" for name, option in _NUMBERS.items() if name in job]
    found += [_FLAGS[str(flag)] for flag in _listed(job.get("flags"))]
    if job.get("hold"):
        found.append("--hold")
    if resource := job.get("tres_per_node"):
        found.append(f"--gres={str(resource).removeprefix('gres/')}")
    return found


def exported(environment: Sequence[str]) -> dict[str, str]:
    """The job's variables, which `sbatch` hands on with its own. Raises `SchedulerRefused` for those that it obeys."""
    found = {name: value for name, _, value in (pair.partition("=") for pair in environment)}
    for name in found:
        if name.startswith(_OBEYED):
            raise SchedulerRefused(f"sbatch would take the variable {name} as an option: give it another name")
    return found


def _listed(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else ()

"""Objects of PySlurm 25.11 in the form of slurmrestd's records, as far as `records` and `nodes` read them."""

from __future__ import annotations

from typing import Any

from ink_core.compute.slurm.records import Record

_LOAD_SCALE = 100
_ENDING = "COMPLETING"
"""What PySlurm tells of a job that is being cleaned up after, instead of its state."""


def job(one: Any, stopped: bool = False) -> Record:
    return {
        "job_id": one.id,
        "array_job_id": one.array_id,
        "array_task_id": _task(one),
        "array_task_string": one.array_tasks_waiting,
        "user_name": one.user_name,
        "name": one.name,
        "job_state": ("RUNNING" if one.state == _ENDING else one.state, *(("STOPPED",) if stopped else ())),
        "state_reason": one.state_reason,
        "command": one.command,
        "submit_line": one.submit_line,
        "submit_time": one.submit_time,
        "start_time": one.start_time,
        "end_time": one.end_time,
        "nodes": one.allocated_nodes,
        "cpus": one.cpus,
        "memory_per_node": one.memory_per_node,
        "memory_per_cpu": one.memory_per_cpu,
        "time_limit": _finite(one.time_limit),
        "nice": one.nice,
        "exit_code": {"return_code": one.exit_code, "signal": {"id": one.exit_code_signal}},
        "partition": one.partition,
        "account": one.account,
        "current_working_directory": one.working_directory,
        "standard_output": one.standard_output,
        "standard_error": one.standard_error,
        "comment": one.comment,
    }


def accounted(one: Any) -> Record:
    array = {"job_id": one.array_id, "task_id": _task(one), "task": one.array_tasks_waiting}
    return {"job_id": one.id, "array": array, "comment": {"job": one.comment or ""}}


def association(one: Any) -> Record:
    return {"account": one.account, "qos": one.qos}


def node(one: Any) -> Record:
    return {
        "name": one.name,
        "state": one.state.split("+"),
        "cpus": one.total_cpus,
        "alloc_cpus": one.allocated_cpus,
        "real_memory": one.real_memory,
        "free_mem": one.free_memory,
        "cpu_load": round(one.cpu_load * _LOAD_SCALE),
        "reason": one.reason,
        "gres": ",".join(f"{name}:{count}" for name, count in dict[str, Any](one.configured_gres or {}).items()),
        "partitions": one.partitions,
    }


def partition(one: Any) -> Record:
    return {
        "name": one.name,
        "partition": {"state": [one.state]},
        "nodes": {"total": one.total_nodes},
        "cpus": {"total": one.total_cpus},
        "maximums": {"time": _finite(one.max_time)},
        "groups": {"allowed": ",".join(one.allowed_groups or ())},
        "accounts": {"allowed": ",".join(one.allowed_accounts or ())},
    }


def _task(one: Any) -> int | None:
    """PySlurm tells task 0 as none. An array's record without waiting tasks is that of one task."""
    if one.array_task_id is None and one.array_id and not one.array_tasks_waiting:
        return 0
    return one.array_task_id


def _finite(value: Any) -> int | None:
    return value if isinstance(value, int) else None

"""Job records of slurmrestd v0.0.42 become `Job`s. A waiting array is one record there and one job per task here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from ink_core.compute.dag import DagNode
from ink_core.compute.model import Job, JobState

Record = Mapping[str, Any]

_STATES = {
    "PENDING": JobState.QUEUEING,
    "CONFIGURING": JobState.QUEUEING,
    "RUNNING": JobState.RUNNING,
    "COMPLETED": JobState.COMPLETED,
    "CANCELLED": JobState.CANCELLED,
    "FAILED": JobState.FAILED,
    "NODE_FAIL": JobState.FAILED,
    "BOOT_FAIL": JobState.FAILED,
    "LAUNCH_FAILED": JobState.FAILED,
    "PREEMPTED": JobState.FAILED,
    "TIMEOUT": JobState.TIMEOUT,
    "DEADLINE": JobState.TIMEOUT,
    "OUT_OF_MEMORY": JobState.OUT_OF_MEMORY,
}
_HELD = ("JobHeldUser", "JobHeldAdmin", "job_requeued_in_held_state", "launch_failed_requeued_held", "Held")
_COMMENT = re.compile(
    r"(?P<operation>\S+) dag=(?P<dag>[\w-]{1,64}) node=(?P<node>[\w-]{1,64})(?: after=(?P<after>[\w,-]*))?"
)
_MOST_AFTER = 500
STDIN = "/dev/stdin"
_NO_REASON = ("", "None")
_TASKS = re.compile(r"(\d+)(?:-(\d+)(?::(\d+))?)?")
_MAX_TASKS = 100_000


def jobs_from(cluster: str, record: Record) -> Sequence[Job]:
    array = number(record.get("array_job_id"))
    waiting = tasks(str(record.get("array_task_string") or ""))
    if array and waiting:
        return [_job(cluster, record, f"{array}_{task}") for task in waiting]
    if array and (task := number(record.get("array_task_id"))) is not None:
        return [_job(cluster, record, f"{array}_{task}")]
    return [_job(cluster, record, str(record["job_id"]))]


def comment_of_node(operation_id: str, dag: str, node: DagNode) -> str:
    """With the nodes that it waits for, unless that would be very long."""
    after = f" after={','.join(node.parents)}"
    return f"{operation_id} dag={dag} node={node.name}{after if len(after) <= _MOST_AFTER else ''}"


def operation_of(comment: Any) -> str | None:
    """The operation that made the job with this comment, alone or as a node of a DAG."""
    text = _given(comment)
    match = None if text is None else _COMMENT.fullmatch(text)
    return match["operation"] if match else text


def node_of(comment: Any) -> str | None:
    """The node of a DAG that the job with this comment belongs to."""
    match = _COMMENT.fullmatch(_given(comment) or "")
    return match["node"] if match else None


def in_order(job_id: str) -> tuple[int, int]:
    """Sorts ids of jobs and of tasks of arrays."""
    job, _, task = job_id.partition("_")
    return int(job), int(task or 0)


def accounted_ids(record: Record) -> Sequence[str]:
    """Ids of a record of slurmdbd, which has the tasks of an array that never began in one."""
    array: Record = record.get("array") or {}
    if not array.get("job_id"):
        return [str(record["job_id"])]
    task = number(array.get("task_id"))
    return [f"{array['job_id']}_{each}" for each in ([task] if task is not None else tasks(str(array.get("task"))))]


def tasks(text: str) -> Sequence[int]:
    """Task ids of `0-3,7,10-20:5%2`."""
    found: list[int] = []
    for part in text.partition("%")[0].split(","):
        if match := _TASKS.fullmatch(part.strip()):
            first, last, step = int(match[1]), int(match[2] or match[1]), int(match[3] or 1)
            found += range(first, min(last, first + _MAX_TASKS) + 1, step)
    return found


def state_of(record: Record) -> JobState:
    states = [str(state) for state in record.get("job_state") or ()]
    if "SUSPENDED" in states or {"RUNNING", "STOPPED"} <= set(states):
        return JobState.SUSPENDED
    for state in states:
        if state == "PENDING" and record.get("state_reason") in _HELD:
            return JobState.HOLDING
        if state in _STATES:
            return _STATES[state]
    return JobState.OTHER


def number(value: Any) -> int | None:
    """Slurm's numbers come as `{set, infinite, number}`; None unless set and finite."""
    if isinstance(value, dict):
        fields = cast(Record, value)
        return int(fields["number"]) if fields.get("set") and not fields.get("infinite") else None
    return int(value) if isinstance(value, int) else None


def decimal(value: Any) -> float | None:
    """The same with its digits behind the point."""
    if isinstance(value, dict):
        fields = cast(Record, value)
        return float(fields["number"]) if fields.get("set") and not fields.get("infinite") else None
    return float(value) if isinstance(value, int | float) else None


def moment(value: Any) -> datetime | None:
    seconds = number(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def exit_code(record: Record) -> int | None:
    """Negative for a signal."""
    codes: Record = record.get("exit_code") or {}
    signals: Record = codes.get("signal") or {}
    if signal := number(signals.get("id")):
        return -signal
    return number(codes.get("return_code"))


def _job(cluster: str, record: Record, job_id: str) -> Job:
    state, comment = state_of(record), _given(record.get("comment"))
    node = _COMMENT.fullmatch(comment or "")
    ended = state in (set(_STATES.values()) - {JobState.QUEUEING, JobState.RUNNING})
    started = ended or state in (JobState.RUNNING, JobState.SUSPENDED)
    return Job(
        cluster=cluster,
        job_id=job_id,
        owner=str(record.get("user_name") or ""),
        name=str(record.get("name") or ""),
        state=state,
        command=_command(record),
        submitted_at=moment(record.get("submit_time")),
        started_at=moment(record.get("start_time")) if started else None,
        ended_at=moment(record.get("end_time")) if ended else None,
        node=str(record.get("nodes") or "") or None,
        cpus=number(record.get("cpus")),
        memory_mb=_memory_mb(record),
        wall_time_s=None if (minutes := number(record.get("time_limit"))) is None else minutes * 60,
        priority=None if (nice := number(record.get("nice"))) is None else -nice,
        exit_code=exit_code(record) if ended else None,
        reason=_reason(record, state),
        reason_code=_given(record.get("state_reason")),
        queue=_given(record.get("partition")),
        group=_given(record.get("account")),
        working_directory=_given(record.get("current_working_directory")),
        stdout=_given(record.get("standard_output")),
        stderr=_given(record.get("standard_error")),
        operation_id=operation_of(comment),
        dag=node["dag"] if node else None,
        dag_node=node["node"] if node else None,
        dag_parents={node["node"]: _names(node["after"])} if node and node["after"] is not None else None,
    )


def _command(record: Record) -> str:
    """What came through `sbatch`'s standard input is shown by its arguments, which end the line of the submission."""
    command = str(record.get("command") or record.get("name") or "")
    arguments = str(record.get("submit_line") or "").partition(f" {STDIN} ")[2]
    return arguments if command == STDIN and arguments else command


def _names(after: str) -> tuple[str, ...]:
    return tuple(filter(None, after.split(",")))


def _memory_mb(record: Record) -> int | None:
    per_node = number(record.get("memory_per_node"))
    per_cpu, cpus = number(record.get("memory_per_cpu")), number(record.get("cpus"))
    return per_cpu * cpus if per_node is None and per_cpu is not None and cpus is not None else per_node


def _reason(record: Record, state: JobState) -> str | None:
    if (description := _given(record.get("state_description"))) is not None:
        return description
    if state is JobState.FAILED:
        code = exit_code(record)
        return f"the job was ended by signal {-code}" if code and code < 0 else f"the job ended with exit code {code}"
    return _given(record.get("state_reason"))


def _given(value: Any) -> str | None:
    return None if value is None or str(value) in _NO_REASON else str(value)

"""Job ads become `Job`s."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import IntEnum
from itertools import islice
from pathlib import Path
from typing import Any

from ink_core.compute.dag import MAX_NODES, MOST_NODES_TEXT, DagNode, is_name
from ink_core.compute.htcondor.quoting import split
from ink_core.compute.model import Job, JobState

WALL_TIME = "InkWallTime"
OPERATION_ID = "InkOperationId"
DAG_NODES = "InkDagNodes"
PROJECTION = (
    "ClusterId", "ProcId", "Owner", "JobStatus", "JobBatchName", "Cmd", "Arguments", "Args", "QDate", "JobStartDate",
    "JobCurrentStartDate", "CompletionDate", "EnteredCurrentStatus", "RemoteHost", "LastRemoteHost", "RequestCpus",
    "RequestMemory", "ResidentSetSize", "RemoteUserCpu", "RemoteSysCpu", "ExitCode", "ExitBySignal", "ExitSignal",
    "HoldReason", "HoldReasonCode", "RemoveReason", "AcctGroup", "Iwd", "Out", "Err", "JobPrio",
    "HepJob_RequestOS", "DAGManJobId", "DAGNodeName", "CheckpointNumber", "TransferOutFinished",
    OPERATION_ID, WALL_TIME, DAG_NODES,
)  # fmt: skip
IDLE, RUNNING, REMOVED, COMPLETED, HELD, TRANSFERRING_OUTPUT, SUSPENDED = 1, 2, 3, 4, 5, 6, 7
MOST_NUMBER = 2**63
LAST_MOMENT = 253_402_300_799
"""The end of the year 9999, in seconds since 1970."""
_DAGMAN = "condor_dagman"
_NOWHERE = ("", "/dev/null")


def job_from(cluster: str, ad: Any) -> Job:
    state, nodes = state_of(ad), _dag_nodes(ad)
    return Job(
        cluster=cluster,
        job_id=job_id(ad),
        owner=text(ad, "Owner") or "",
        name=text(ad, "JobBatchName") or Path(text(ad, "Cmd") or "").name,
        state=state,
        command=_command(ad),
        submitted_at=moment(ad, "QDate"),
        started_at=moment(ad, "JobCurrentStartDate") or moment(ad, "JobStartDate"),
        ended_at=_ended_at(ad),
        node=_node(ad),
        cpus=whole(ad, "RequestCpus"),
        memory_mb=whole(ad, "RequestMemory"),
        wall_time_s=whole(ad, WALL_TIME),
        priority=whole(ad, "JobPrio"),
        memory_peak_mb=_peak_mb(ad),
        cpu_used_s=(number(ad, "RemoteUserCpu") or 0.0) + (number(ad, "RemoteSysCpu") or 0.0),
        exit_code=None if state is JobState.RUNNING else exit_code(ad),  # its last checkpoint has one
        reason=_reason(ad, state),
        reason_code=_reason_code(ad, state),
        os=text(ad, "HepJob_RequestOS"),
        group=text(ad, "AcctGroup"),
        working_directory=text(ad, "Iwd"),
        stdout=_file(ad, "Out"),
        stderr=_file(ad, "Err"),
        operation_id=text(ad, OPERATION_ID),
        dag=dag_of(ad),
        dag_node=text(ad, "DAGNodeName"),
        dag_nodes=None if nodes is None else tuple(nodes),
        dag_parents=nodes,
        checkpoint=_checkpoint(ad),
        output_at=moment(ad, "TransferOutFinished"),
    )


def job_id(ad: Any) -> str:
    return f"{ad['ClusterId']}.{ad['ProcId']}"


def dag_of(ad: Any) -> str | None:
    """The number of the DAGMan job: of the one that submitted this job, or of this one itself."""
    if (manager := whole(ad, "DAGManJobId")) is not None:
        return str(manager)
    return str(ad["ClusterId"]) if is_dagman(ad) else None


def is_dagman(ad: Any) -> bool:
    return Path(text(ad, "Cmd") or "").name == _DAGMAN


def dag_nodes_text(nodes: Sequence[DagNode]) -> str:
    """`a b<a c<a,b`: the names, each with those that it waits for; without them where that would be very long."""
    told = " ".join(f"{node.name}<{','.join(node.parents)}" if node.parents else node.name for node in nodes)
    return told if len(told) <= MOST_NODES_TEXT else " ".join(node.name for node in nodes)


def _dag_nodes(ad: Any) -> dict[str, tuple[str, ...]] | None:
    """No more than a DAG may have: whoever writes a submit description can have its job say anything."""
    told = text(ad, DAG_NODES) if is_dagman(ad) else None
    if told is None:
        return None
    pairs = (one.partition("<") for one in told[:MOST_NODES_TEXT].split())
    named = ((name, parents) for name, _, parents in pairs if is_name(name))
    return {name: tuple(filter(is_name, parents.split(","))) for name, parents in islice(named, MAX_NODES)}


def state_of(ad: Any) -> JobState:
    """A job that ended by itself with another exit code than 0 has FAILED; HTCondor has one word for both."""
    match whole(ad, "JobStatus"):
        case 1:
            return JobState.QUEUEING
        case 2 | 6:
            return JobState.RUNNING
        case 3:
            return JobState.TIMEOUT if _removed_for_wall_time(ad) else JobState.CANCELLED
        case 4:
            return JobState.COMPLETED if exit_code(ad) in (0, None) else JobState.FAILED
        case 5:
            return JobState.HOLDING
        case 7:
            return JobState.SUSPENDED
        case _:
            return JobState.OTHER


def exit_code(ad: Any) -> int | None:
    """Negative for a signal."""
    if _read(ad, "ExitBySignal") is True and (number := whole(ad, "ExitSignal")) is not None:
        return -number
    return whole(ad, "ExitCode")


def text(ad: Any, name: str) -> str | None:
    """What is no UTF-8 is told as HTCondor writes it, with octal escapes."""
    value = _read(ad, name)
    return value if isinstance(value, str) and value else None


def number(ad: Any, name: str) -> float | None:
    """The value of a number or of an expression that gives one within the ad; None for what is not finite."""
    value = _read(ad, name)
    if value is not None and not isinstance(value, int | float | str):
        value = _value(value, ad)
    if not isinstance(value, int | float) or isinstance(value, bool | IntEnum):  # as an error is told
        return None
    return value if abs(value) <= MOST_NUMBER else None


def _read(ad: Any, name: str) -> Any:
    """Anybody may write anything into the ads of their jobs, and the bindings raise for what has no form in Python."""
    try:
        return ad.get(name)
    except UnicodeDecodeError:
        return str(ad.lookup(name)).strip('"')
    except TypeError:  # an ad within the ad
        return None


def _value(expression: Any, ad: Any) -> Any:
    try:
        return expression.eval(ad) if hasattr(expression, "eval") else None
    except Exception:  # whatever the bindings raise for an expression that a user wrote
        return None


def whole(ad: Any, name: str) -> int | None:
    value = number(ad, name)
    return None if value is None else int(value)


def moment(ad: Any, name: str) -> datetime | None:
    seconds = whole(ad, name)
    return datetime.fromtimestamp(seconds, UTC) if seconds and 0 < seconds <= LAST_MOMENT else None


def _command(ad: Any) -> str:
    """As a shell line. `Args` is the old syntax, which has no quoting."""
    new = text(ad, "Arguments")
    arguments = (text(ad, "Args") or "").split() if new is None else split(new)
    return shlex.join([text(ad, "Cmd") or "", *arguments])


def _ended_at(ad: Any) -> datetime | None:
    if whole(ad, "JobStatus") not in (REMOVED, COMPLETED):
        return None
    return moment(ad, "CompletionDate") or moment(ad, "EnteredCurrentStatus")


def _node(ad: Any) -> str | None:
    host = text(ad, "RemoteHost") or text(ad, "LastRemoteHost")
    return None if host is None else host.rpartition("@")[2]


def _peak_mb(ad: Any) -> int | None:
    kilobytes = whole(ad, "ResidentSetSize")
    return None if kilobytes is None else -(-kilobytes // 1024)


def _checkpoint(ad: Any) -> int | None:
    """HTCondor counts from 0, and an attempt that failed, too; `NumCkpts` is of a universe that is gone."""
    number = whole(ad, "CheckpointNumber")
    return None if number is None or number < 0 else number + 1


def _removed_for_wall_time(ad: Any) -> bool:
    return whole(ad, WALL_TIME) is not None and "PeriodicRemove" in (text(ad, "RemoveReason") or "")


def _reason(ad: Any, state: JobState) -> str | None:
    match state:
        case JobState.HOLDING:
            return text(ad, "HoldReason")
        case JobState.CANCELLED:
            return text(ad, "RemoveReason")
        case JobState.TIMEOUT:
            return f"the job reached its wall time of {whole(ad, WALL_TIME)} s"
        case JobState.FAILED:
            code = exit_code(ad)
            return (
                f"the job was ended by signal {-code}" if code and code < 0 else f"the job ended with exit code {code}"
            )
        case _:
            return None


def _reason_code(ad: Any, state: JobState) -> str | None:
    if state is JobState.HOLDING and (code := whole(ad, "HoldReasonCode")) is not None:
        return str(code)
    return {JobState.TIMEOUT: "wall_time", JobState.FAILED: "exit_code"}.get(state)


def _file(ad: Any, name: str) -> str | None:
    path = text(ad, name)
    return None if path is None or path in _NOWHERE else str(Path(text(ad, "Iwd") or "/", path))

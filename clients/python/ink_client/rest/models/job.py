"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.job_state import JobState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.job_dag_parents_type_0 import JobDagParentsType0


T = TypeVar("T", bound="Job")


@_attrs_define
class Job:
    """One job as its scheduler tells it. `job_id` is the scheduler's own string: `172.0`, `67890`, `67890_3`.

    In a pool of several schedds it ends with `@` and the name of the schedd, except for those of the first one.

    `os` is the operating system that an HTCondor job asks for (`HepJob_RequestOS`).

    Of one user's jobs those with a higher `priority` run first; 0 is what a job has without any. `dag` is the DAG that
    it is of, `dag_node` the node there; what manages a DAG has no node and tells, where it can, the names of all.
    `dag_parents` are the nodes that a node waits for: of its own, or of all where it manages them.

    `checkpoint` is the number, from 1, of the last one that an HTCondor job which checkpoints itself has sent to its
    access point; at `output_at` files of it came back to there last: at a checkpoint, or at its end.

        Attributes:
            cluster (str):
            job_id (str):
            owner (str):
            name (str):
            state (JobState): INK's own state words, and `SUSPENDED`, for which it has none.
            command (str):
            submitted_at (datetime.datetime | None | Unset):
            started_at (datetime.datetime | None | Unset):
            ended_at (datetime.datetime | None | Unset):
            node (None | str | Unset):
            cpus (int | None | Unset):
            memory_mb (int | None | Unset):
            wall_time_s (int | None | Unset):
            priority (int | None | Unset):
            memory_peak_mb (int | None | Unset):
            cpu_used_s (float | None | Unset):
            exit_code (int | None | Unset):
            reason (None | str | Unset):
            reason_code (None | str | Unset):
            queue (None | str | Unset):
            group (None | str | Unset):
            os (None | str | Unset):
            working_directory (None | str | Unset):
            stdout (None | str | Unset):
            stderr (None | str | Unset):
            operation_id (None | str | Unset):
            dag (None | str | Unset):
            dag_node (None | str | Unset):
            dag_nodes (list[str] | None | Unset):
            dag_parents (JobDagParentsType0 | None | Unset):
            checkpoint (int | None | Unset):
            output_at (datetime.datetime | None | Unset):
    """

    cluster: str
    job_id: str
    owner: str
    name: str
    state: JobState
    command: str
    submitted_at: datetime.datetime | None | Unset = UNSET
    started_at: datetime.datetime | None | Unset = UNSET
    ended_at: datetime.datetime | None | Unset = UNSET
    node: None | str | Unset = UNSET
    cpus: int | None | Unset = UNSET
    memory_mb: int | None | Unset = UNSET
    wall_time_s: int | None | Unset = UNSET
    priority: int | None | Unset = UNSET
    memory_peak_mb: int | None | Unset = UNSET
    cpu_used_s: float | None | Unset = UNSET
    exit_code: int | None | Unset = UNSET
    reason: None | str | Unset = UNSET
    reason_code: None | str | Unset = UNSET
    queue: None | str | Unset = UNSET
    group: None | str | Unset = UNSET
    os: None | str | Unset = UNSET
    working_directory: None | str | Unset = UNSET
    stdout: None | str | Unset = UNSET
    stderr: None | str | Unset = UNSET
    operation_id: None | str | Unset = UNSET
    dag: None | str | Unset = UNSET
    dag_node: None | str | Unset = UNSET
    dag_nodes: list[str] | None | Unset = UNSET
    dag_parents: JobDagParentsType0 | None | Unset = UNSET
    checkpoint: int | None | Unset = UNSET
    output_at: datetime.datetime | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.job_dag_parents_type_0 import JobDagParentsType0  # noqa: PLC0415

        cluster = self.cluster

        job_id = self.job_id

        owner = self.owner

        name = self.name

        state = self.state.value

        command = self.command

        submitted_at: None | str | Unset
        if isinstance(self.submitted_at, Unset):
            submitted_at = UNSET
        elif isinstance(self.submitted_at, datetime.datetime):
            submitted_at = self.submitted_at.isoformat()
        else:
            submitted_at = self.submitted_at

        started_at: None | str | Unset
        if isinstance(self.started_at, Unset):
            started_at = UNSET
        elif isinstance(self.started_at, datetime.datetime):
            started_at = self.started_at.isoformat()
        else:
            started_at = self.started_at

        ended_at: None | str | Unset
        if isinstance(self.ended_at, Unset):
            ended_at = UNSET
        elif isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        node: None | str | Unset
        if isinstance(self.node, Unset):
            node = UNSET
        else:
            node = self.node

        cpus: int | None | Unset
        if isinstance(self.cpus, Unset):
            cpus = UNSET
        else:
            cpus = self.cpus

        memory_mb: int | None | Unset
        if isinstance(self.memory_mb, Unset):
            memory_mb = UNSET
        else:
            memory_mb = self.memory_mb

        wall_time_s: int | None | Unset
        if isinstance(self.wall_time_s, Unset):
            wall_time_s = UNSET
        else:
            wall_time_s = self.wall_time_s

        priority: int | None | Unset
        if isinstance(self.priority, Unset):
            priority = UNSET
        else:
            priority = self.priority

        memory_peak_mb: int | None | Unset
        if isinstance(self.memory_peak_mb, Unset):
            memory_peak_mb = UNSET
        else:
            memory_peak_mb = self.memory_peak_mb

        cpu_used_s: float | None | Unset
        if isinstance(self.cpu_used_s, Unset):
            cpu_used_s = UNSET
        else:
            cpu_used_s = self.cpu_used_s

        exit_code: int | None | Unset
        if isinstance(self.exit_code, Unset):
            exit_code = UNSET
        else:
            exit_code = self.exit_code

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        reason_code: None | str | Unset
        if isinstance(self.reason_code, Unset):
            reason_code = UNSET
        else:
            reason_code = self.reason_code

        queue: None | str | Unset
        if isinstance(self.queue, Unset):
            queue = UNSET
        else:
            queue = self.queue

        group: None | str | Unset
        if isinstance(self.group, Unset):
            group = UNSET
        else:
            group = self.group

        os: None | str | Unset
        if isinstance(self.os, Unset):
            os = UNSET
        else:
            os = self.os

        working_directory: None | str | Unset
        if isinstance(self.working_directory, Unset):
            working_directory = UNSET
        else:
            working_directory = self.working_directory

        stdout: None | str | Unset
        if isinstance(self.stdout, Unset):
            stdout = UNSET
        else:
            stdout = self.stdout

        stderr: None | str | Unset
        if isinstance(self.stderr, Unset):
            stderr = UNSET
        else:
            stderr = self.stderr

        operation_id: None | str | Unset
        if isinstance(self.operation_id, Unset):
            operation_id = UNSET
        else:
            operation_id = self.operation_id

        dag: None | str | Unset
        if isinstance(self.dag, Unset):
            dag = UNSET
        else:
            dag = self.dag

        dag_node: None | str | Unset
        if isinstance(self.dag_node, Unset):
            dag_node = UNSET
        else:
            dag_node = self.dag_node

        dag_nodes: list[str] | None | Unset
        if isinstance(self.dag_nodes, Unset):
            dag_nodes = UNSET
        elif isinstance(self.dag_nodes, list):
            dag_nodes = self.dag_nodes

        else:
            dag_nodes = self.dag_nodes

        dag_parents: dict[str, Any] | None | Unset
        if isinstance(self.dag_parents, Unset):
            dag_parents = UNSET
        elif isinstance(self.dag_parents, JobDagParentsType0):
            dag_parents = self.dag_parents.to_dict()
        else:
            dag_parents = self.dag_parents

        checkpoint: int | None | Unset
        if isinstance(self.checkpoint, Unset):
            checkpoint = UNSET
        else:
            checkpoint = self.checkpoint

        output_at: None | str | Unset
        if isinstance(self.output_at, Unset):
            output_at = UNSET
        elif isinstance(self.output_at, datetime.datetime):
            output_at = self.output_at.isoformat()
        else:
            output_at = self.output_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "job_id": job_id,
                "owner": owner,
                "name": name,
                "state": state,
                "command": command,
            }
        )
        if submitted_at is not UNSET:
            field_dict["submitted_at"] = submitted_at
        if started_at is not UNSET:
            field_dict["started_at"] = started_at
        if ended_at is not UNSET:
            field_dict["ended_at"] = ended_at
        if node is not UNSET:
            field_dict["node"] = node
        if cpus is not UNSET:
            field_dict["cpus"] = cpus
        if memory_mb is not UNSET:
            field_dict["memory_mb"] = memory_mb
        if wall_time_s is not UNSET:
            field_dict["wall_time_s"] = wall_time_s
        if priority is not UNSET:
            field_dict["priority"] = priority
        if memory_peak_mb is not UNSET:
            field_dict["memory_peak_mb"] = memory_peak_mb
        if cpu_used_s is not UNSET:
            field_dict["cpu_used_s"] = cpu_used_s
        if exit_code is not UNSET:
            field_dict["exit_code"] = exit_code
        if reason is not UNSET:
            field_dict["reason"] = reason
        if reason_code is not UNSET:
            field_dict["reason_code"] = reason_code
        if queue is not UNSET:
            field_dict["queue"] = queue
        if group is not UNSET:
            field_dict["group"] = group
        if os is not UNSET:
            field_dict["os"] = os
        if working_directory is not UNSET:
            field_dict["working_directory"] = working_directory
        if stdout is not UNSET:
            field_dict["stdout"] = stdout
        if stderr is not UNSET:
            field_dict["stderr"] = stderr
        if operation_id is not UNSET:
            field_dict["operation_id"] = operation_id
        if dag is not UNSET:
            field_dict["dag"] = dag
        if dag_node is not UNSET:
            field_dict["dag_node"] = dag_node
        if dag_nodes is not UNSET:
            field_dict["dag_nodes"] = dag_nodes
        if dag_parents is not UNSET:
            field_dict["dag_parents"] = dag_parents
        if checkpoint is not UNSET:
            field_dict["checkpoint"] = checkpoint
        if output_at is not UNSET:
            field_dict["output_at"] = output_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_dag_parents_type_0 import JobDagParentsType0  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        job_id = d.pop("job_id")

        owner = d.pop("owner")

        name = d.pop("name")

        state = JobState(d.pop("state"))

        command = d.pop("command")

        def _parse_submitted_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                submitted_at_type_0 = datetime.datetime.fromisoformat(data)

                return submitted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        submitted_at = _parse_submitted_at(d.pop("submitted_at", UNSET))

        def _parse_started_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                started_at_type_0 = datetime.datetime.fromisoformat(data)

                return started_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        started_at = _parse_started_at(d.pop("started_at", UNSET))

        def _parse_ended_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        ended_at = _parse_ended_at(d.pop("ended_at", UNSET))

        def _parse_node(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        node = _parse_node(d.pop("node", UNSET))

        def _parse_cpus(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        cpus = _parse_cpus(d.pop("cpus", UNSET))

        def _parse_memory_mb(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        memory_mb = _parse_memory_mb(d.pop("memory_mb", UNSET))

        def _parse_wall_time_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        wall_time_s = _parse_wall_time_s(d.pop("wall_time_s", UNSET))

        def _parse_priority(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        priority = _parse_priority(d.pop("priority", UNSET))

        def _parse_memory_peak_mb(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        memory_peak_mb = _parse_memory_peak_mb(d.pop("memory_peak_mb", UNSET))

        def _parse_cpu_used_s(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cpu_used_s = _parse_cpu_used_s(d.pop("cpu_used_s", UNSET))

        def _parse_exit_code(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        exit_code = _parse_exit_code(d.pop("exit_code", UNSET))

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        def _parse_reason_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason_code = _parse_reason_code(d.pop("reason_code", UNSET))

        def _parse_queue(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        queue = _parse_queue(d.pop("queue", UNSET))

        def _parse_group(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        group = _parse_group(d.pop("group", UNSET))

        def _parse_os(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        os = _parse_os(d.pop("os", UNSET))

        def _parse_working_directory(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        working_directory = _parse_working_directory(d.pop("working_directory", UNSET))

        def _parse_stdout(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        stdout = _parse_stdout(d.pop("stdout", UNSET))

        def _parse_stderr(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        stderr = _parse_stderr(d.pop("stderr", UNSET))

        def _parse_operation_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        operation_id = _parse_operation_id(d.pop("operation_id", UNSET))

        def _parse_dag(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        dag = _parse_dag(d.pop("dag", UNSET))

        def _parse_dag_node(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        dag_node = _parse_dag_node(d.pop("dag_node", UNSET))

        def _parse_dag_nodes(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                dag_nodes_type_0 = cast(list[str], data)

                return dag_nodes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        dag_nodes = _parse_dag_nodes(d.pop("dag_nodes", UNSET))

        def _parse_dag_parents(data: object) -> JobDagParentsType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                dag_parents_type_0 = JobDagParentsType0.from_dict(data)

                return dag_parents_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobDagParentsType0 | None | Unset, data)

        dag_parents = _parse_dag_parents(d.pop("dag_parents", UNSET))

        def _parse_checkpoint(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        checkpoint = _parse_checkpoint(d.pop("checkpoint", UNSET))

        def _parse_output_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                output_at_type_0 = datetime.datetime.fromisoformat(data)

                return output_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        output_at = _parse_output_at(d.pop("output_at", UNSET))

        job = cls(
            cluster=cluster,
            job_id=job_id,
            owner=owner,
            name=name,
            state=state,
            command=command,
            submitted_at=submitted_at,
            started_at=started_at,
            ended_at=ended_at,
            node=node,
            cpus=cpus,
            memory_mb=memory_mb,
            wall_time_s=wall_time_s,
            priority=priority,
            memory_peak_mb=memory_peak_mb,
            cpu_used_s=cpu_used_s,
            exit_code=exit_code,
            reason=reason,
            reason_code=reason_code,
            queue=queue,
            group=group,
            os=os,
            working_directory=working_directory,
            stdout=stdout,
            stderr=stderr,
            operation_id=operation_id,
            dag=dag,
            dag_node=dag_node,
            dag_nodes=dag_nodes,
            dag_parents=dag_parents,
            checkpoint=checkpoint,
            output_at=output_at,
        )

        return job

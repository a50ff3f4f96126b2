"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.node_job_attributes import NodeJobAttributes
    from ..models.node_job_environment import NodeJobEnvironment


T = TypeVar("T", bound="NodeJob")


@_attrs_define
class NodeJob:
    """A script or program to run as one or several jobs; its paths begin where those of the DAG do.

    Attributes:
        script (str): Path on the access point.
        arguments (list[str] | Unset):
        name (str | Unset):  Default: ''.
        stdout (None | str | Unset): File, from the working directory.
        stderr (None | str | Unset):
        cpus (int | Unset):  Default: 1.
        memory_mb (int | Unset):  Default: 1024.
        wall_time_s (int | None | Unset):
        environment (NodeJobEnvironment | Unset): No secrets: everybody sees it.
        queue (None | str | Unset): Partition, where the cluster has several.
        group (None | str | Unset): Accounting group (HTCondor), account (Slurm).
        count (int | Unset): Number of equal jobs. Default: 1.
        priority (int | Unset): Among one's own jobs; higher is first. Default: 0.
        gpus (int | Unset):  Default: 0.
        gpu_type (None | str | Unset):
        node (None | str | Unset): The only node to run on.
        qos (None | str | Unset):
        nodes (int | None | Unset):
        tasks (int | None | Unset):
        attributes (NodeJobAttributes | Unset):
        concurrency_limits (None | str | Unset):
        schedd (None | str | Unset): Where the pool has several (HTCondor).
        working_directory (None | str | Unset):
    """

    script: str
    arguments: list[str] | Unset = UNSET
    name: str | Unset = ""
    stdout: None | str | Unset = UNSET
    stderr: None | str | Unset = UNSET
    cpus: int | Unset = 1
    memory_mb: int | Unset = 1024
    wall_time_s: int | None | Unset = UNSET
    environment: NodeJobEnvironment | Unset = UNSET
    queue: None | str | Unset = UNSET
    group: None | str | Unset = UNSET
    count: int | Unset = 1
    priority: int | Unset = 0
    gpus: int | Unset = 0
    gpu_type: None | str | Unset = UNSET
    node: None | str | Unset = UNSET
    qos: None | str | Unset = UNSET
    nodes: int | None | Unset = UNSET
    tasks: int | None | Unset = UNSET
    attributes: NodeJobAttributes | Unset = UNSET
    concurrency_limits: None | str | Unset = UNSET
    schedd: None | str | Unset = UNSET
    working_directory: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        script = self.script

        arguments: list[str] | Unset = UNSET
        if not isinstance(self.arguments, Unset):
            arguments = self.arguments

        name = self.name

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

        cpus = self.cpus

        memory_mb = self.memory_mb

        wall_time_s: int | None | Unset
        if isinstance(self.wall_time_s, Unset):
            wall_time_s = UNSET
        else:
            wall_time_s = self.wall_time_s

        environment: dict[str, Any] | Unset = UNSET
        if not isinstance(self.environment, Unset):
            environment = self.environment.to_dict()

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

        count = self.count

        priority = self.priority

        gpus = self.gpus

        gpu_type: None | str | Unset
        if isinstance(self.gpu_type, Unset):
            gpu_type = UNSET
        else:
            gpu_type = self.gpu_type

        node: None | str | Unset
        if isinstance(self.node, Unset):
            node = UNSET
        else:
            node = self.node

        qos: None | str | Unset
        if isinstance(self.qos, Unset):
            qos = UNSET
        else:
            qos = self.qos

        nodes: int | None | Unset
        if isinstance(self.nodes, Unset):
            nodes = UNSET
        else:
            nodes = self.nodes

        tasks: int | None | Unset
        if isinstance(self.tasks, Unset):
            tasks = UNSET
        else:
            tasks = self.tasks

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        concurrency_limits: None | str | Unset
        if isinstance(self.concurrency_limits, Unset):
            concurrency_limits = UNSET
        else:
            concurrency_limits = self.concurrency_limits

        schedd: None | str | Unset
        if isinstance(self.schedd, Unset):
            schedd = UNSET
        else:
            schedd = self.schedd

        working_directory: None | str | Unset
        if isinstance(self.working_directory, Unset):
            working_directory = UNSET
        else:
            working_directory = self.working_directory

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "script": script,
            }
        )
        if arguments is not UNSET:
            field_dict["arguments"] = arguments
        if name is not UNSET:
            field_dict["name"] = name
        if stdout is not UNSET:
            field_dict["stdout"] = stdout
        if stderr is not UNSET:
            field_dict["stderr"] = stderr
        if cpus is not UNSET:
            field_dict["cpus"] = cpus
        if memory_mb is not UNSET:
            field_dict["memory_mb"] = memory_mb
        if wall_time_s is not UNSET:
            field_dict["wall_time_s"] = wall_time_s
        if environment is not UNSET:
            field_dict["environment"] = environment
        if queue is not UNSET:
            field_dict["queue"] = queue
        if group is not UNSET:
            field_dict["group"] = group
        if count is not UNSET:
            field_dict["count"] = count
        if priority is not UNSET:
            field_dict["priority"] = priority
        if gpus is not UNSET:
            field_dict["gpus"] = gpus
        if gpu_type is not UNSET:
            field_dict["gpu_type"] = gpu_type
        if node is not UNSET:
            field_dict["node"] = node
        if qos is not UNSET:
            field_dict["qos"] = qos
        if nodes is not UNSET:
            field_dict["nodes"] = nodes
        if tasks is not UNSET:
            field_dict["tasks"] = tasks
        if attributes is not UNSET:
            field_dict["attributes"] = attributes
        if concurrency_limits is not UNSET:
            field_dict["concurrency_limits"] = concurrency_limits
        if schedd is not UNSET:
            field_dict["schedd"] = schedd
        if working_directory is not UNSET:
            field_dict["working_directory"] = working_directory

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.node_job_attributes import NodeJobAttributes  # noqa: PLC0415
        from ..models.node_job_environment import NodeJobEnvironment  # noqa: PLC0415

        d = dict(src_dict)
        script = d.pop("script")

        arguments = cast(list[str], d.pop("arguments", UNSET))

        name = d.pop("name", UNSET)

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

        cpus = d.pop("cpus", UNSET)

        memory_mb = d.pop("memory_mb", UNSET)

        def _parse_wall_time_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        wall_time_s = _parse_wall_time_s(d.pop("wall_time_s", UNSET))

        _environment = d.pop("environment", UNSET)
        environment: NodeJobEnvironment | Unset
        if isinstance(_environment, Unset):
            environment = UNSET
        else:
            environment = NodeJobEnvironment.from_dict(_environment)

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

        count = d.pop("count", UNSET)

        priority = d.pop("priority", UNSET)

        gpus = d.pop("gpus", UNSET)

        def _parse_gpu_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        gpu_type = _parse_gpu_type(d.pop("gpu_type", UNSET))

        def _parse_node(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        node = _parse_node(d.pop("node", UNSET))

        def _parse_qos(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        qos = _parse_qos(d.pop("qos", UNSET))

        def _parse_nodes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        nodes = _parse_nodes(d.pop("nodes", UNSET))

        def _parse_tasks(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        tasks = _parse_tasks(d.pop("tasks", UNSET))

        _attributes = d.pop("attributes", UNSET)
        attributes: NodeJobAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = NodeJobAttributes.from_dict(_attributes)

        def _parse_concurrency_limits(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        concurrency_limits = _parse_concurrency_limits(d.pop("concurrency_limits", UNSET))

        def _parse_schedd(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        schedd = _parse_schedd(d.pop("schedd", UNSET))

        def _parse_working_directory(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        working_directory = _parse_working_directory(d.pop("working_directory", UNSET))

        node_job = cls(
            script=script,
            arguments=arguments,
            name=name,
            stdout=stdout,
            stderr=stderr,
            cpus=cpus,
            memory_mb=memory_mb,
            wall_time_s=wall_time_s,
            environment=environment,
            queue=queue,
            group=group,
            count=count,
            priority=priority,
            gpus=gpus,
            gpu_type=gpu_type,
            node=node,
            qos=qos,
            nodes=nodes,
            tasks=tasks,
            attributes=attributes,
            concurrency_limits=concurrency_limits,
            schedd=schedd,
            working_directory=working_directory,
        )

        return node_job

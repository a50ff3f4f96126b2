"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="HepSubmission")


@_attrs_define
class HepSubmission:
    """In `script`, `arguments`, `output` and `error`, `%{ClusterId}` and `%{ProcId}` stand for the job's numbers.

    Attributes:
        script (str):
        arguments (list[str] | Unset):
        directory (None | str | Unset):
        group (None | str | Unset):
        output (None | str | Unset):
        error (None | str | Unset):
        memory_mb (int | None | Unset):
        cores (int | Unset):  Default: 1.
        count (int | Unset):  Default: 1.
        os (None | str | Unset):
        wall_time (None | str | Unset):
        node (None | str | Unset):
        node_group (None | str | Unset):
        priority (int | Unset):  Default: 0.
        cluster (None | str | Unset):
        schedd (None | str | Unset):
        universe (None | str | Unset):
        name (None | str | Unset):
    """

    script: str
    arguments: list[str] | Unset = UNSET
    directory: None | str | Unset = UNSET
    group: None | str | Unset = UNSET
    output: None | str | Unset = UNSET
    error: None | str | Unset = UNSET
    memory_mb: int | None | Unset = UNSET
    cores: int | Unset = 1
    count: int | Unset = 1
    os: None | str | Unset = UNSET
    wall_time: None | str | Unset = UNSET
    node: None | str | Unset = UNSET
    node_group: None | str | Unset = UNSET
    priority: int | Unset = 0
    cluster: None | str | Unset = UNSET
    schedd: None | str | Unset = UNSET
    universe: None | str | Unset = UNSET
    name: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        script = self.script

        arguments: list[str] | Unset = UNSET
        if not isinstance(self.arguments, Unset):
            arguments = self.arguments

        directory: None | str | Unset
        if isinstance(self.directory, Unset):
            directory = UNSET
        else:
            directory = self.directory

        group: None | str | Unset
        if isinstance(self.group, Unset):
            group = UNSET
        else:
            group = self.group

        output: None | str | Unset
        if isinstance(self.output, Unset):
            output = UNSET
        else:
            output = self.output

        error: None | str | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        else:
            error = self.error

        memory_mb: int | None | Unset
        if isinstance(self.memory_mb, Unset):
            memory_mb = UNSET
        else:
            memory_mb = self.memory_mb

        cores = self.cores

        count = self.count

        os: None | str | Unset
        if isinstance(self.os, Unset):
            os = UNSET
        else:
            os = self.os

        wall_time: None | str | Unset
        if isinstance(self.wall_time, Unset):
            wall_time = UNSET
        else:
            wall_time = self.wall_time

        node: None | str | Unset
        if isinstance(self.node, Unset):
            node = UNSET
        else:
            node = self.node

        node_group: None | str | Unset
        if isinstance(self.node_group, Unset):
            node_group = UNSET
        else:
            node_group = self.node_group

        priority = self.priority

        cluster: None | str | Unset
        if isinstance(self.cluster, Unset):
            cluster = UNSET
        else:
            cluster = self.cluster

        schedd: None | str | Unset
        if isinstance(self.schedd, Unset):
            schedd = UNSET
        else:
            schedd = self.schedd

        universe: None | str | Unset
        if isinstance(self.universe, Unset):
            universe = UNSET
        else:
            universe = self.universe

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "script": script,
            }
        )
        if arguments is not UNSET:
            field_dict["arguments"] = arguments
        if directory is not UNSET:
            field_dict["directory"] = directory
        if group is not UNSET:
            field_dict["group"] = group
        if output is not UNSET:
            field_dict["output"] = output
        if error is not UNSET:
            field_dict["error"] = error
        if memory_mb is not UNSET:
            field_dict["memory_mb"] = memory_mb
        if cores is not UNSET:
            field_dict["cores"] = cores
        if count is not UNSET:
            field_dict["count"] = count
        if os is not UNSET:
            field_dict["os"] = os
        if wall_time is not UNSET:
            field_dict["wall_time"] = wall_time
        if node is not UNSET:
            field_dict["node"] = node
        if node_group is not UNSET:
            field_dict["node_group"] = node_group
        if priority is not UNSET:
            field_dict["priority"] = priority
        if cluster is not UNSET:
            field_dict["cluster"] = cluster
        if schedd is not UNSET:
            field_dict["schedd"] = schedd
        if universe is not UNSET:
            field_dict["universe"] = universe
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        script = d.pop("script")

        arguments = cast(list[str], d.pop("arguments", UNSET))

        def _parse_directory(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        directory = _parse_directory(d.pop("directory", UNSET))

        def _parse_group(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        group = _parse_group(d.pop("group", UNSET))

        def _parse_output(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        output = _parse_output(d.pop("output", UNSET))

        def _parse_error(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_memory_mb(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        memory_mb = _parse_memory_mb(d.pop("memory_mb", UNSET))

        cores = d.pop("cores", UNSET)

        count = d.pop("count", UNSET)

        def _parse_os(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        os = _parse_os(d.pop("os", UNSET))

        def _parse_wall_time(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        wall_time = _parse_wall_time(d.pop("wall_time", UNSET))

        def _parse_node(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        node = _parse_node(d.pop("node", UNSET))

        def _parse_node_group(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        node_group = _parse_node_group(d.pop("node_group", UNSET))

        priority = d.pop("priority", UNSET)

        def _parse_cluster(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cluster = _parse_cluster(d.pop("cluster", UNSET))

        def _parse_schedd(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        schedd = _parse_schedd(d.pop("schedd", UNSET))

        def _parse_universe(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        universe = _parse_universe(d.pop("universe", UNSET))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        hep_submission = cls(
            script=script,
            arguments=arguments,
            directory=directory,
            group=group,
            output=output,
            error=error,
            memory_mb=memory_mb,
            cores=cores,
            count=count,
            os=os,
            wall_time=wall_time,
            node=node,
            node_group=node_group,
            priority=priority,
            cluster=cluster,
            schedd=schedd,
            universe=universe,
            name=name,
        )

        return hep_submission

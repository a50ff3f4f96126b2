"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_node import NewNode


T = TypeVar("T", bound="NewDag")


@_attrs_define
class NewDag:
    """Nodes in any order; their jobs are all on the DAG's cluster.

    Attributes:
        nodes (list[NewNode]):
        schedd (None | str | Unset): Where the pool has several (HTCondor).
        cluster (None | str | Unset): Cluster name; without it the default cluster.
        working_directory (None | str | Unset): From the home; without it that.
    """

    nodes: list[NewNode]
    schedd: None | str | Unset = UNSET
    cluster: None | str | Unset = UNSET
    working_directory: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        nodes = []
        for nodes_item_data in self.nodes:
            nodes_item = nodes_item_data.to_dict()
            nodes.append(nodes_item)

        schedd: None | str | Unset
        if isinstance(self.schedd, Unset):
            schedd = UNSET
        else:
            schedd = self.schedd

        cluster: None | str | Unset
        if isinstance(self.cluster, Unset):
            cluster = UNSET
        else:
            cluster = self.cluster

        working_directory: None | str | Unset
        if isinstance(self.working_directory, Unset):
            working_directory = UNSET
        else:
            working_directory = self.working_directory

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "nodes": nodes,
            }
        )
        if schedd is not UNSET:
            field_dict["schedd"] = schedd
        if cluster is not UNSET:
            field_dict["cluster"] = cluster
        if working_directory is not UNSET:
            field_dict["working_directory"] = working_directory

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_node import NewNode  # noqa: PLC0415

        d = dict(src_dict)
        nodes = []
        _nodes = d.pop("nodes")
        for nodes_item_data in _nodes:
            nodes_item = NewNode.from_dict(nodes_item_data)

            nodes.append(nodes_item)

        def _parse_schedd(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        schedd = _parse_schedd(d.pop("schedd", UNSET))

        def _parse_cluster(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cluster = _parse_cluster(d.pop("cluster", UNSET))

        def _parse_working_directory(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        working_directory = _parse_working_directory(d.pop("working_directory", UNSET))

        new_dag = cls(
            nodes=nodes,
            schedd=schedd,
            cluster=cluster,
            working_directory=working_directory,
        )

        return new_dag

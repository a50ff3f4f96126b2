"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.load import Load


T = TypeVar("T", bound="ClusterLoad")


@_attrs_define
class ClusterLoad:
    """`rows` are by wall time, group or partition, as asked.

    Attributes:
        cluster (str):
        nodes (int):
        cpus (int):
        cpus_used (int):
        rows (list[Load]):
    """

    cluster: str
    nodes: int
    cpus: int
    cpus_used: int
    rows: list[Load]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        nodes = self.nodes

        cpus = self.cpus

        cpus_used = self.cpus_used

        rows = []
        for rows_item_data in self.rows:
            rows_item = rows_item_data.to_dict()
            rows.append(rows_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "nodes": nodes,
                "cpus": cpus,
                "cpus_used": cpus_used,
                "rows": rows,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.load import Load  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        nodes = d.pop("nodes")

        cpus = d.pop("cpus")

        cpus_used = d.pop("cpus_used")

        rows = []
        _rows = d.pop("rows")
        for rows_item_data in _rows:
            rows_item = Load.from_dict(rows_item_data)

            rows.append(rows_item)

        cluster_load = cls(
            cluster=cluster,
            nodes=nodes,
            cpus=cpus,
            cpus_used=cpus_used,
            rows=rows,
        )

        cluster_load.additional_properties = d
        return cluster_load

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.node_details import NodeDetails
    from ..models.totals import Totals


T = TypeVar("T", bound="NodePage")


@_attrs_define
class NodePage:
    """`total` and `totals` are of all nodes that the filters leave; `next_offset` is null on the last page.

    Attributes:
        cluster (str):
        observed_at (datetime.datetime):
        nodes (list[NodeDetails]):
        total (int):
        totals (Totals): `nodes` and `slots` are counted by state; `out_of_service` are nodes that take no new jobs.
        next_offset (int | None):
    """

    cluster: str
    observed_at: datetime.datetime
    nodes: list[NodeDetails]
    total: int
    totals: Totals
    next_offset: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        observed_at = self.observed_at.isoformat()

        nodes = []
        for nodes_item_data in self.nodes:
            nodes_item = nodes_item_data.to_dict()
            nodes.append(nodes_item)

        total = self.total

        totals = self.totals.to_dict()

        next_offset: int | None
        next_offset = self.next_offset

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "observed_at": observed_at,
                "nodes": nodes,
                "total": total,
                "totals": totals,
                "next_offset": next_offset,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.node_details import NodeDetails  # noqa: PLC0415
        from ..models.totals import Totals  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        nodes = []
        _nodes = d.pop("nodes")
        for nodes_item_data in _nodes:
            nodes_item = NodeDetails.from_dict(nodes_item_data)

            nodes.append(nodes_item)

        total = d.pop("total")

        totals = Totals.from_dict(d.pop("totals"))

        def _parse_next_offset(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        next_offset = _parse_next_offset(d.pop("next_offset"))

        node_page = cls(
            cluster=cluster,
            observed_at=observed_at,
            nodes=nodes,
            total=total,
            totals=totals,
            next_offset=next_offset,
        )

        node_page.additional_properties = d
        return node_page

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.node_tile import NodeTile


T = TypeVar("T", bound="NodeMap")


@_attrs_define
class NodeMap:
    """A page of the nodes of a cluster, which has `total`; `next_cursor` is null on the last page.

    Attributes:
        cluster (str):
        observed_at (datetime.datetime):
        nodes (list[NodeTile]):
        total (int):
        next_cursor (None | str):
    """

    cluster: str
    observed_at: datetime.datetime
    nodes: list[NodeTile]
    total: int
    next_cursor: None | str

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        observed_at = self.observed_at.isoformat()

        nodes = []
        for nodes_item_data in self.nodes:
            nodes_item = nodes_item_data.to_dict()
            nodes.append(nodes_item)

        total = self.total

        next_cursor: None | str
        next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "observed_at": observed_at,
                "nodes": nodes,
                "total": total,
                "next_cursor": next_cursor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.node_tile import NodeTile  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        nodes = []
        _nodes = d.pop("nodes")
        for nodes_item_data in _nodes:
            nodes_item = NodeTile.from_dict(nodes_item_data)

            nodes.append(nodes_item)

        total = d.pop("total")

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        node_map = cls(
            cluster=cluster,
            observed_at=observed_at,
            nodes=nodes,
            total=total,
            next_cursor=next_cursor,
        )

        return node_map

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="NearbyEntity")


@_attrs_define
class NearbyEntity:
    """`outward`: read from the thing that was asked for.

    Attributes:
        node (str):
        relation (str):
        outward (bool):
        title (bool | float | int | str):
    """

    node: str
    relation: str
    outward: bool
    title: bool | float | int | str

    def to_dict(self) -> dict[str, Any]:
        node = self.node

        relation = self.relation

        outward = self.outward

        title: bool | float | int | str
        title = self.title

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "node": node,
                "relation": relation,
                "outward": outward,
                "title": title,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        node = d.pop("node")

        relation = d.pop("relation")

        outward = d.pop("outward")

        def _parse_title(data: object) -> bool | float | int | str:
            return cast(bool | float | int | str, data)

        title = _parse_title(d.pop("title"))

        nearby_entity = cls(
            node=node,
            relation=relation,
            outward=outward,
            title=title,
        )

        return nearby_entity

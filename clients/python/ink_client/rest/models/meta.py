"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Meta")


@_attrs_define
class Meta:
    """`indices_hit` is empty where the store has no indices.

    Attributes:
        query_time_ms (float):
        clusters_queried (list[str]):
        indices_hit (list[str] | Unset):
    """

    query_time_ms: float
    clusters_queried: list[str]
    indices_hit: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        query_time_ms = self.query_time_ms

        clusters_queried = self.clusters_queried

        indices_hit: list[str] | Unset = UNSET
        if not isinstance(self.indices_hit, Unset):
            indices_hit = self.indices_hit

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "query_time_ms": query_time_ms,
                "clusters_queried": clusters_queried,
            }
        )
        if indices_hit is not UNSET:
            field_dict["indices_hit"] = indices_hit

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        query_time_ms = d.pop("query_time_ms")

        clusters_queried = cast(list[str], d.pop("clusters_queried"))

        indices_hit = cast(list[str], d.pop("indices_hit", UNSET))

        meta = cls(
            query_time_ms=query_time_ms,
            clusters_queried=clusters_queried,
            indices_hit=indices_hit,
        )

        meta.additional_properties = d
        return meta

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

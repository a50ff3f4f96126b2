"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.ready_data_clusters import ReadyDataClusters


T = TypeVar("T", bound="ReadyData")


@_attrs_define
class ReadyData:
    """`clusters` by name; the store is one for all of them.

    Attributes:
        clusters (ReadyDataClusters):
        version (str):
    """

    clusters: ReadyDataClusters
    version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        clusters = self.clusters.to_dict()

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "clusters": clusters,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ready_data_clusters import ReadyDataClusters  # noqa: PLC0415

        d = dict(src_dict)
        clusters = ReadyDataClusters.from_dict(d.pop("clusters"))

        version = d.pop("version")

        ready_data = cls(
            clusters=clusters,
            version=version,
        )

        ready_data.additional_properties = d
        return ready_data

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.schema_data_clusters_item import SchemaDataClustersItem
    from ..models.schema_data_collectors_item import SchemaDataCollectorsItem
    from ..models.schema_data_common_aliases import SchemaDataCommonAliases


T = TypeVar("T", bound="SchemaData")


@_attrs_define
class SchemaData:
    """
    Attributes:
        clusters (list[SchemaDataClustersItem]):
        collectors (list[SchemaDataCollectorsItem]):
        common_aliases (SchemaDataCommonAliases):
    """

    clusters: list[SchemaDataClustersItem]
    collectors: list[SchemaDataCollectorsItem]
    common_aliases: SchemaDataCommonAliases
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        clusters = []
        for clusters_item_data in self.clusters:
            clusters_item = clusters_item_data.to_dict()
            clusters.append(clusters_item)

        collectors = []
        for collectors_item_data in self.collectors:
            collectors_item = collectors_item_data.to_dict()
            collectors.append(collectors_item)

        common_aliases = self.common_aliases.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "clusters": clusters,
                "collectors": collectors,
                "common_aliases": common_aliases,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.schema_data_clusters_item import SchemaDataClustersItem  # noqa: PLC0415
        from ..models.schema_data_collectors_item import SchemaDataCollectorsItem  # noqa: PLC0415
        from ..models.schema_data_common_aliases import SchemaDataCommonAliases  # noqa: PLC0415

        d = dict(src_dict)
        clusters = []
        _clusters = d.pop("clusters")
        for clusters_item_data in _clusters:
            clusters_item = SchemaDataClustersItem.from_dict(clusters_item_data)

            clusters.append(clusters_item)

        collectors = []
        _collectors = d.pop("collectors")
        for collectors_item_data in _collectors:
            collectors_item = SchemaDataCollectorsItem.from_dict(collectors_item_data)

            collectors.append(collectors_item)

        common_aliases = SchemaDataCommonAliases.from_dict(d.pop("common_aliases"))

        schema_data = cls(
            clusters=clusters,
            collectors=collectors,
            common_aliases=common_aliases,
        )

        schema_data.additional_properties = d
        return schema_data

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

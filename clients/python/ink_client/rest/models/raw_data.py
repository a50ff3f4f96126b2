"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.pagination import Pagination
    from ..models.raw_data_records_item import RawDataRecordsItem


T = TypeVar("T", bound="RawData")


@_attrs_define
class RawData:
    """A record has `cluster, collector, time, host, job`, shortcuts, and `fields` or `data` or both.

    Attributes:
        records (list[RawDataRecordsItem]):
        pagination (Pagination): `total` is null where counting would cost too much.
        indices_resolved (list[str]):
    """

    records: list[RawDataRecordsItem]
    pagination: Pagination
    indices_resolved: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        records = []
        for records_item_data in self.records:
            records_item = records_item_data.to_dict()
            records.append(records_item)

        pagination = self.pagination.to_dict()

        indices_resolved = self.indices_resolved

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "records": records,
                "pagination": pagination,
                "indices_resolved": indices_resolved,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pagination import Pagination  # noqa: PLC0415
        from ..models.raw_data_records_item import RawDataRecordsItem  # noqa: PLC0415

        d = dict(src_dict)
        records = []
        _records = d.pop("records")
        for records_item_data in _records:
            records_item = RawDataRecordsItem.from_dict(records_item_data)

            records.append(records_item)

        pagination = Pagination.from_dict(d.pop("pagination"))

        indices_resolved = cast(list[str], d.pop("indices_resolved"))

        raw_data = cls(
            records=records,
            pagination=pagination,
            indices_resolved=indices_resolved,
        )

        raw_data.additional_properties = d
        return raw_data

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

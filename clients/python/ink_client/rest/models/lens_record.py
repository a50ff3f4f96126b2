"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.lens_record_data import LensRecordData


T = TypeVar("T", bound="LensRecord")


@_attrs_define
class LensRecord:
    """One sample of one collector, in the units of the store: bytes, nanoseconds, cumulative.

    Attributes:
        host (str):
        time (float):
        collector (str):
        data (LensRecordData):
    """

    host: str
    time: float
    collector: str
    data: LensRecordData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        host = self.host

        time = self.time

        collector = self.collector

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "host": host,
                "time": time,
                "collector": collector,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lens_record_data import LensRecordData  # noqa: PLC0415

        d = dict(src_dict)
        host = d.pop("host")

        time = d.pop("time")

        collector = d.pop("collector")

        data = LensRecordData.from_dict(d.pop("data"))

        lens_record = cls(
            host=host,
            time=time,
            collector=collector,
            data=data,
        )

        lens_record.additional_properties = d
        return lens_record

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SeenTimes")


@_attrs_define
class SeenTimes:
    """
    Attributes:
        first_seen (str):
        last_seen (str):
        duration_sec (int):
    """

    first_seen: str
    last_seen: str
    duration_sec: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        first_seen = self.first_seen

        last_seen = self.last_seen

        duration_sec = self.duration_sec

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "first_seen": first_seen,
                "last_seen": last_seen,
                "duration_sec": duration_sec,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        first_seen = d.pop("first_seen")

        last_seen = d.pop("last_seen")

        duration_sec = d.pop("duration_sec")

        seen_times = cls(
            first_seen=first_seen,
            last_seen=last_seen,
            duration_sec=duration_sec,
        )

        seen_times.additional_properties = d
        return seen_times

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

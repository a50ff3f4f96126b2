"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SeenScope")


@_attrs_define
class SeenScope:
    """
    Attributes:
        hosts (list[str]):
        collectors (list[str]):
        samples_count (int):
    """

    hosts: list[str]
    collectors: list[str]
    samples_count: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hosts = self.hosts

        collectors = self.collectors

        samples_count = self.samples_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hosts": hosts,
                "collectors": collectors,
                "samples_count": samples_count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        hosts = cast(list[str], d.pop("hosts"))

        collectors = cast(list[str], d.pop("collectors"))

        samples_count = d.pop("samples_count")

        seen_scope = cls(
            hosts=hosts,
            collectors=collectors,
            samples_count=samples_count,
        )

        seen_scope.additional_properties = d
        return seen_scope

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

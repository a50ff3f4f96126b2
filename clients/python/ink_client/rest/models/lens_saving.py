"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensSaving")


@_attrs_define
class LensSaving:
    """What one such job takes from others without using it.

    Attributes:
        core_hours (float):
        memory_gb_hours (float):
        gpu_hours (float):
    """

    core_hours: float
    memory_gb_hours: float
    gpu_hours: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        core_hours = self.core_hours

        memory_gb_hours = self.memory_gb_hours

        gpu_hours = self.gpu_hours

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "core_hours": core_hours,
                "memory_gb_hours": memory_gb_hours,
                "gpu_hours": gpu_hours,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        core_hours = d.pop("core_hours")

        memory_gb_hours = d.pop("memory_gb_hours")

        gpu_hours = d.pop("gpu_hours")

        lens_saving = cls(
            core_hours=core_hours,
            memory_gb_hours=memory_gb_hours,
            gpu_hours=gpu_hours,
        )

        lens_saving.additional_properties = d
        return lens_saving

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

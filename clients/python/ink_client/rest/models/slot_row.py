"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SlotRow")


@_attrs_define
class SlotRow:
    """
    Attributes:
        name (str):
        state (str):
        activity (str):
        cpus (int):
        memory_mb (int):
    """

    name: str
    state: str
    activity: str
    cpus: int
    memory_mb: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        state = self.state

        activity = self.activity

        cpus = self.cpus

        memory_mb = self.memory_mb

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "state": state,
                "activity": activity,
                "cpus": cpus,
                "memory_mb": memory_mb,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        state = d.pop("state")

        activity = d.pop("activity")

        cpus = d.pop("cpus")

        memory_mb = d.pop("memory_mb")

        slot_row = cls(
            name=name,
            state=state,
            activity=activity,
            cpus=cpus,
            memory_mb=memory_mb,
        )

        slot_row.additional_properties = d
        return slot_row

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

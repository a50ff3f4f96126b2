"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensChange")


@_attrs_define
class LensChange:
    """Lines for the submit file of each scheduler; one that begins with # is a remark.

    Attributes:
        htcondor (list[str]):
        slurm (list[str]):
    """

    htcondor: list[str]
    slurm: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        htcondor = self.htcondor

        slurm = self.slurm

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "htcondor": htcondor,
                "slurm": slurm,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        htcondor = cast(list[str], d.pop("htcondor"))

        slurm = cast(list[str], d.pop("slurm"))

        lens_change = cls(
            htcondor=htcondor,
            slurm=slurm,
        )

        lens_change.additional_properties = d
        return lens_change

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

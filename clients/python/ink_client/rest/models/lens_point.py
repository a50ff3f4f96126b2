"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensPoint")


@_attrs_define
class LensPoint:
    """One bucket, by its beginning.

    Attributes:
        time (float):
        min_ (float):
        avg (float):
        max_ (float):
        samples (int):
    """

    time: float
    min_: float
    avg: float
    max_: float
    samples: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        time = self.time

        min_ = self.min_

        avg = self.avg

        max_ = self.max_

        samples = self.samples

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "time": time,
                "min": min_,
                "avg": avg,
                "max": max_,
                "samples": samples,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        time = d.pop("time")

        min_ = d.pop("min")

        avg = d.pop("avg")

        max_ = d.pop("max")

        samples = d.pop("samples")

        lens_point = cls(
            time=time,
            min_=min_,
            avg=avg,
            max_=max_,
            samples=samples,
        )

        lens_point.additional_properties = d
        return lens_point

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

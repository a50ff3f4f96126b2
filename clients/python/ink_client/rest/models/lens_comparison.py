"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensComparison")


@_attrs_define
class LensComparison:
    """`ratio` is second ÷ first; null where the first is 0.

    Attributes:
        figure (str):
        unit (str):
        first (float):
        second (float):
        ratio (float | None):
    """

    figure: str
    unit: str
    first: float
    second: float
    ratio: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        figure = self.figure

        unit = self.unit

        first = self.first

        second = self.second

        ratio: float | None
        ratio = self.ratio

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "figure": figure,
                "unit": unit,
                "first": first,
                "second": second,
                "ratio": ratio,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        figure = d.pop("figure")

        unit = d.pop("unit")

        first = d.pop("first")

        second = d.pop("second")

        def _parse_ratio(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        ratio = _parse_ratio(d.pop("ratio"))

        lens_comparison = cls(
            figure=figure,
            unit=unit,
            first=first,
            second=second,
            ratio=ratio,
        )

        lens_comparison.additional_properties = d
        return lens_comparison

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.lens_point import LensPoint


T = TypeVar("T", bound="LensSeries")


@_attrs_define
class LensSeries:
    """A gauge as it was, a counter as its rate a second. Buckets without a sample are left out.

    Attributes:
        metric (str):
        unit (str):
        points (list[LensPoint]):
    """

    metric: str
    unit: str
    points: list[LensPoint]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        metric = self.metric

        unit = self.unit

        points = []
        for points_item_data in self.points:
            points_item = points_item_data.to_dict()
            points.append(points_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "metric": metric,
                "unit": unit,
                "points": points,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lens_point import LensPoint  # noqa: PLC0415

        d = dict(src_dict)
        metric = d.pop("metric")

        unit = d.pop("unit")

        points = []
        _points = d.pop("points")
        for points_item_data in _points:
            points_item = LensPoint.from_dict(points_item_data)

            points.append(points_item)

        lens_series = cls(
            metric=metric,
            unit=unit,
            points=points,
        )

        lens_series.additional_properties = d
        return lens_series

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

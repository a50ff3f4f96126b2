"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RootAxis")


@_attrs_define
class RootAxis:
    """An edge that is no finite number is null.

    Attributes:
        bins (int):
        low (float | None):
        high (float | None):
    """

    bins: int
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, Any]:
        bins = self.bins

        low: float | None
        low = self.low

        high: float | None
        high = self.high

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "bins": bins,
                "low": low,
                "high": high,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bins = d.pop("bins")

        def _parse_low(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        low = _parse_low(d.pop("low"))

        def _parse_high(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        high = _parse_high(d.pop("high"))

        root_axis = cls(
            bins=bins,
            low=low,
            high=high,
        )

        return root_axis

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="OptionalMeasures")


@_attrs_define
class OptionalMeasures:
    """The same as limits; null where there is none.

    Attributes:
        tokens (int | None):
        money (float | None):
        calls (int | None):
        wall_s (float | None):
        cpu_hours (float | None):
    """

    tokens: int | None
    money: float | None
    calls: int | None
    wall_s: float | None
    cpu_hours: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tokens: int | None
        tokens = self.tokens

        money: float | None
        money = self.money

        calls: int | None
        calls = self.calls

        wall_s: float | None
        wall_s = self.wall_s

        cpu_hours: float | None
        cpu_hours = self.cpu_hours

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "tokens": tokens,
                "money": money,
                "calls": calls,
                "wall_s": wall_s,
                "cpu_hours": cpu_hours,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        tokens = _parse_tokens(d.pop("tokens"))

        def _parse_money(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        money = _parse_money(d.pop("money"))

        def _parse_calls(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        calls = _parse_calls(d.pop("calls"))

        def _parse_wall_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        wall_s = _parse_wall_s(d.pop("wall_s"))

        def _parse_cpu_hours(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cpu_hours = _parse_cpu_hours(d.pop("cpu_hours"))

        optional_measures = cls(
            tokens=tokens,
            money=money,
            calls=calls,
            wall_s=wall_s,
            cpu_hours=cpu_hours,
        )

        optional_measures.additional_properties = d
        return optional_measures

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

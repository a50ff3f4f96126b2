"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Measures")


@_attrs_define
class Measures:
    """Tokens of models, money in the site's unit, calls of tools, seconds that all these took, CPU-hours of jobs.

    Attributes:
        tokens (int):
        money (float):
        calls (int):
        wall_s (float):
        cpu_hours (float):
    """

    tokens: int
    money: float
    calls: int
    wall_s: float
    cpu_hours: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tokens = self.tokens

        money = self.money

        calls = self.calls

        wall_s = self.wall_s

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
        tokens = d.pop("tokens")

        money = d.pop("money")

        calls = d.pop("calls")

        wall_s = d.pop("wall_s")

        cpu_hours = d.pop("cpu_hours")

        measures = cls(
            tokens=tokens,
            money=money,
            calls=calls,
            wall_s=wall_s,
            cpu_hours=cpu_hours,
        )

        measures.additional_properties = d
        return measures

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

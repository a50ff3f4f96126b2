"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Usage")


@_attrs_define
class Usage:
    """Of one user, task, session, agent or model since a time. CPU-hours are those of jobs that have ended.

    Attributes:
        name (str):
        replies (int):
        prompt_tokens (int):
        completion_tokens (int):
        money (float):
        calls (int):
        wall_s (float):
        cpu_hours (float):
    """

    name: str
    replies: int
    prompt_tokens: int
    completion_tokens: int
    money: float
    calls: int
    wall_s: float
    cpu_hours: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        replies = self.replies

        prompt_tokens = self.prompt_tokens

        completion_tokens = self.completion_tokens

        money = self.money

        calls = self.calls

        wall_s = self.wall_s

        cpu_hours = self.cpu_hours

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "replies": replies,
                "prompt_tokens": prompt_tokens,
                "completion_tokens": completion_tokens,
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
        name = d.pop("name")

        replies = d.pop("replies")

        prompt_tokens = d.pop("prompt_tokens")

        completion_tokens = d.pop("completion_tokens")

        money = d.pop("money")

        calls = d.pop("calls")

        wall_s = d.pop("wall_s")

        cpu_hours = d.pop("cpu_hours")

        usage = cls(
            name=name,
            replies=replies,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            money=money,
            calls=calls,
            wall_s=wall_s,
            cpu_hours=cpu_hours,
        )

        usage.additional_properties = d
        return usage

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

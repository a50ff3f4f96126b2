"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PolicyTrial")


@_attrs_define
class PolicyTrial:
    """
    Attributes:
        text (str):
        days (int | Unset): Calls of so many days. Default: 7.
    """

    text: str
    days: int | Unset = 7

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        days = self.days

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
            }
        )
        if days is not UNSET:
            field_dict["days"] = days

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        days = d.pop("days", UNSET)

        policy_trial = cls(
            text=text,
            days=days,
        )

        return policy_trial

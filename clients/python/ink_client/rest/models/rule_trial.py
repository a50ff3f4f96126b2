"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RuleTrial")


@_attrs_define
class RuleTrial:
    """
    Attributes:
        text (str):
        days (float | Unset): Jobs of so many days. Default: 7.0.
        jobs (int | Unset): The newest so many. Default: 100.
    """

    text: str
    days: float | Unset = 7.0
    jobs: int | Unset = 100

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        days = self.days

        jobs = self.jobs

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
            }
        )
        if days is not UNSET:
            field_dict["days"] = days
        if jobs is not UNSET:
            field_dict["jobs"] = jobs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        days = d.pop("days", UNSET)

        jobs = d.pop("jobs", UNSET)

        rule_trial = cls(
            text=text,
            days=days,
            jobs=jobs,
        )

        return rule_trial

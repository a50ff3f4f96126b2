"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.review_verdict import ReviewVerdict
from ..types import UNSET, Unset

T = TypeVar("T", bound="Review")


@_attrs_define
class Review:
    """`version` is the one that was read; a rejection says why.

    Attributes:
        version (int):
        verdict (ReviewVerdict):
        reason (str | Unset):  Default: ''.
    """

    version: int
    verdict: ReviewVerdict
    reason: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        verdict = self.verdict.value

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
                "verdict": verdict,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        verdict = ReviewVerdict(d.pop("verdict"))

        reason = d.pop("reason", UNSET)

        review = cls(
            version=version,
            verdict=verdict,
            reason=reason,
        )

        return review

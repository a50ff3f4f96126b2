"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.consent_verdict import ConsentVerdict

T = TypeVar("T", bound="Consent")


@_attrs_define
class Consent:
    """
    Attributes:
        verdict (ConsentVerdict):
    """

    verdict: ConsentVerdict

    def to_dict(self) -> dict[str, Any]:
        verdict = self.verdict.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "verdict": verdict,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        verdict = ConsentVerdict(d.pop("verdict"))

        consent = cls(
            verdict=verdict,
        )

        return consent

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="PolicyChange")


@_attrs_define
class PolicyChange:
    """`replaces` is the version that one has looked at.

    Attributes:
        text (str):
        replaces (str):
        reason (str):
    """

    text: str
    replaces: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        replaces = self.replaces

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
                "replaces": replaces,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        replaces = d.pop("replaces")

        reason = d.pop("reason")

        policy_change = cls(
            text=text,
            replaces=replaces,
            reason=reason,
        )

        return policy_change

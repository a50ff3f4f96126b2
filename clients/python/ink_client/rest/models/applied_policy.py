"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="AppliedPolicy")


@_attrs_define
class AppliedPolicy:
    """
    Attributes:
        version (str):
        replaced (str):
        rules (int):
    """

    version: str
    replaced: str
    rules: int

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        replaced = self.replaced

        rules = self.rules

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
                "replaced": replaced,
                "rules": rules,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        replaced = d.pop("replaced")

        rules = d.pop("rules")

        applied_policy = cls(
            version=version,
            replaced=replaced,
            rules=rules,
        )

        return applied_policy

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Emptied")


@_attrs_define
class Emptied:
    """
    Attributes:
        removed (int):
    """

    removed: int

    def to_dict(self) -> dict[str, Any]:
        removed = self.removed

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "removed": removed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        removed = d.pop("removed")

        emptied = cls(
            removed=removed,
        )

        return emptied

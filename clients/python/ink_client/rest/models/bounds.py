"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Bounds")


@_attrs_define
class Bounds:
    """What is asked for when nobody says, and how little and how much one may ask for.

    Attributes:
        default (int):
        least (int):
        most (int):
    """

    default: int
    least: int
    most: int

    def to_dict(self) -> dict[str, Any]:
        default = self.default

        least = self.least

        most = self.most

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "default": default,
                "least": least,
                "most": most,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        default = d.pop("default")

        least = d.pop("least")

        most = d.pop("most")

        bounds = cls(
            default=default,
            least=least,
            most=most,
        )

        return bounds

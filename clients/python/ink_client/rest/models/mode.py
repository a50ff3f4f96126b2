"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Mode")


@_attrs_define
class Mode:
    """`mode` in octal digits, without a bit that lets a program run as somebody else.

    Attributes:
        path (str):
        mode (str):
    """

    path: str
    mode: str

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        mode = self.mode

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "mode": mode,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        mode = d.pop("mode")

        mode = cls(
            path=path,
            mode=mode,
        )

        return mode

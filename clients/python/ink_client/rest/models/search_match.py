"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SearchMatch")


@_attrs_define
class SearchMatch:
    """
    Attributes:
        path (str):
        line (int):
        text (str):
    """

    path: str
    line: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        line = self.line

        text = self.text

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "line": line,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        line = d.pop("line")

        text = d.pop("text")

        search_match = cls(
            path=path,
            line=line,
            text=text,
        )

        return search_match

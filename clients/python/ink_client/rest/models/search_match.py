"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="SearchMatch")


@_attrs_define
class SearchMatch:
    """`text` is the line that matches, `before` and `after` are the lines around it.

    Attributes:
        path (str):
        line (int):
        text (str):
        before (list[str] | Unset):
        after (list[str] | Unset):
    """

    path: str
    line: int
    text: str
    before: list[str] | Unset = UNSET
    after: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        line = self.line

        text = self.text

        before: list[str] | Unset = UNSET
        if not isinstance(self.before, Unset):
            before = self.before

        after: list[str] | Unset = UNSET
        if not isinstance(self.after, Unset):
            after = self.after

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "line": line,
                "text": text,
            }
        )
        if before is not UNSET:
            field_dict["before"] = before
        if after is not UNSET:
            field_dict["after"] = after

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        line = d.pop("line")

        text = d.pop("text")

        before = cast(list[str], d.pop("before", UNSET))

        after = cast(list[str], d.pop("after", UNSET))

        search_match = cls(
            path=path,
            line=line,
            text=text,
            before=before,
            after=after,
        )

        return search_match

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Amendment")


@_attrs_define
class Amendment:
    """A whole new version.

    Attributes:
        title (str):
        text (str): Markdown.
        about (list[str] | Unset): What it is about, as KIND:NAME: node:wn042, group:atlas.
        attribute (str | Unset): With value: of the one thing that a fact is about. Default: ''.
        value (bool | float | int | str | Unset):  Default: ''.
    """

    title: str
    text: str
    about: list[str] | Unset = UNSET
    attribute: str | Unset = ""
    value: bool | float | int | str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        text = self.text

        about: list[str] | Unset = UNSET
        if not isinstance(self.about, Unset):
            about = self.about

        attribute = self.attribute

        value: bool | float | int | str | Unset
        if isinstance(self.value, Unset):
            value = UNSET
        else:
            value = self.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "title": title,
                "text": text,
            }
        )
        if about is not UNSET:
            field_dict["about"] = about
        if attribute is not UNSET:
            field_dict["attribute"] = attribute
        if value is not UNSET:
            field_dict["value"] = value

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        title = d.pop("title")

        text = d.pop("text")

        about = cast(list[str], d.pop("about", UNSET))

        attribute = d.pop("attribute", UNSET)

        def _parse_value(data: object) -> bool | float | int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(bool | float | int | str | Unset, data)

        value = _parse_value(d.pop("value", UNSET))

        amendment = cls(
            title=title,
            text=text,
            about=about,
            attribute=attribute,
            value=value,
        )

        return amendment

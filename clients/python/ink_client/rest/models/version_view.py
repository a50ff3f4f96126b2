"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.standing import Standing

T = TypeVar("T", bound="VersionView")


@_attrs_define
class VersionView:
    """`by_hand`: no model wrote it for its author.

    Attributes:
        version (int):
        author (str):
        by_hand (bool):
        written_at (datetime.datetime):
        title (str):
        text (str):
        about (list[str]):
        attribute (str):
        value (bool | float | int | str):
        standing (Standing): `PRIVATE`: nobody asked that others be told. The erased ones have lost their content for
            good.
        reviewer (str):
        reason (str):
        reviewed_at (datetime.datetime | None):
    """

    version: int
    author: str
    by_hand: bool
    written_at: datetime.datetime
    title: str
    text: str
    about: list[str]
    attribute: str
    value: bool | float | int | str
    standing: Standing
    reviewer: str
    reason: str
    reviewed_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        author = self.author

        by_hand = self.by_hand

        written_at = self.written_at.isoformat()

        title = self.title

        text = self.text

        about = self.about

        attribute = self.attribute

        value: bool | float | int | str
        value = self.value

        standing = self.standing.value

        reviewer = self.reviewer

        reason = self.reason

        reviewed_at: None | str
        if isinstance(self.reviewed_at, datetime.datetime):
            reviewed_at = self.reviewed_at.isoformat()
        else:
            reviewed_at = self.reviewed_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "author": author,
                "by_hand": by_hand,
                "written_at": written_at,
                "title": title,
                "text": text,
                "about": about,
                "attribute": attribute,
                "value": value,
                "standing": standing,
                "reviewer": reviewer,
                "reason": reason,
                "reviewed_at": reviewed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        author = d.pop("author")

        by_hand = d.pop("by_hand")

        written_at = datetime.datetime.fromisoformat(d.pop("written_at"))

        title = d.pop("title")

        text = d.pop("text")

        about = cast(list[str], d.pop("about"))

        attribute = d.pop("attribute")

        def _parse_value(data: object) -> bool | float | int | str:
            return cast(bool | float | int | str, data)

        value = _parse_value(d.pop("value"))

        standing = Standing(d.pop("standing"))

        reviewer = d.pop("reviewer")

        reason = d.pop("reason")

        def _parse_reviewed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reviewed_at_type_0 = datetime.datetime.fromisoformat(data)

                return reviewed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        reviewed_at = _parse_reviewed_at(d.pop("reviewed_at"))

        version_view = cls(
            version=version,
            author=author,
            by_hand=by_hand,
            written_at=written_at,
            title=title,
            text=text,
            about=about,
            attribute=attribute,
            value=value,
            standing=standing,
            reviewer=reviewer,
            reason=reason,
            reviewed_at=reviewed_at,
        )

        version_view.additional_properties = d
        return version_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

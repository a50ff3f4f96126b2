"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.remember_kind import RememberKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="Remember")


@_attrs_define
class Remember:
    """For the next sessions of the same user. An agent's own session needs no name.

    Attributes:
        kind (RememberKind):
        title (str):
        text (str):
        session_id (str | Unset):  Default: ''.
        about (list[str] | Unset): As KIND:NAME.
        share (bool | Unset):  Default: False.
    """

    kind: RememberKind
    title: str
    text: str
    session_id: str | Unset = ""
    about: list[str] | Unset = UNSET
    share: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        title = self.title

        text = self.text

        session_id = self.session_id

        about: list[str] | Unset = UNSET
        if not isinstance(self.about, Unset):
            about = self.about

        share = self.share

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "title": title,
                "text": text,
            }
        )
        if session_id is not UNSET:
            field_dict["session_id"] = session_id
        if about is not UNSET:
            field_dict["about"] = about
        if share is not UNSET:
            field_dict["share"] = share

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = RememberKind(d.pop("kind"))

        title = d.pop("title")

        text = d.pop("text")

        session_id = d.pop("session_id", UNSET)

        about = cast(list[str], d.pop("about", UNSET))

        share = d.pop("share", UNSET)

        remember = cls(
            kind=kind,
            title=title,
            text=text,
            session_id=session_id,
            about=about,
            share=share,
        )

        return remember

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewBranch")


@_attrs_define
class NewBranch:
    """Ask again from before `turn`: with `text`, or without it with one's own words of that turn.

    Attributes:
        turn (int):
        text (None | str | Unset):
    """

    turn: int
    text: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        turn = self.turn

        text: None | str | Unset
        if isinstance(self.text, Unset):
            text = UNSET
        else:
            text = self.text

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "turn": turn,
            }
        )
        if text is not UNSET:
            field_dict["text"] = text

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        turn = d.pop("turn")

        def _parse_text(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        text = _parse_text(d.pop("text", UNSET))

        new_branch = cls(
            turn=turn,
            text=text,
        )

        return new_branch

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.turn_view_ended_type_0 import TurnViewEndedType0

T = TypeVar("T", bound="TurnView")


@_attrs_define
class TurnView:
    """`parent`: the turn before it, 0 for none. `seq`, `by`, `text` of its message. `ended` is null while it runs.

    `on_path`: the conversation goes on after it; every other turn was left for another way and can be gone back to.

        Attributes:
            turn (int):
            parent (int):
            seq (int):
            by (str):
            text (str):
            ended (None | TurnViewEndedType0):
            on_path (bool):
    """

    turn: int
    parent: int
    seq: int
    by: str
    text: str
    ended: None | TurnViewEndedType0
    on_path: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        turn = self.turn

        parent = self.parent

        seq = self.seq

        by = self.by

        text = self.text

        ended: None | str
        if isinstance(self.ended, TurnViewEndedType0):
            ended = self.ended.value
        else:
            ended = self.ended

        on_path = self.on_path

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "turn": turn,
                "parent": parent,
                "seq": seq,
                "by": by,
                "text": text,
                "ended": ended,
                "on_path": on_path,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        turn = d.pop("turn")

        parent = d.pop("parent")

        seq = d.pop("seq")

        by = d.pop("by")

        text = d.pop("text")

        def _parse_ended(data: object) -> None | TurnViewEndedType0:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_type_0 = TurnViewEndedType0(data)

                return ended_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TurnViewEndedType0, data)

        ended = _parse_ended(d.pop("ended"))

        on_path = d.pop("on_path")

        turn_view = cls(
            turn=turn,
            parent=parent,
            seq=seq,
            by=by,
            text=text,
            ended=ended,
            on_path=on_path,
        )

        turn_view.additional_properties = d
        return turn_view

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="CorrectStep")


@_attrs_define
class CorrectStep:
    """The step is a call, by its id, or the reply of a turn.

    Attributes:
        session_id (str):
        wrong (str): What was wrong with it.
        right (str): What is right, and why.
        call_id (str | Unset):  Default: ''.
        turn (int | Unset):  Default: 0.
        share (bool | Unset): Ask that everybody be told, once it is reviewed. Default: False.
    """

    session_id: str
    wrong: str
    right: str
    call_id: str | Unset = ""
    turn: int | Unset = 0
    share: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        wrong = self.wrong

        right = self.right

        call_id = self.call_id

        turn = self.turn

        share = self.share

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "session_id": session_id,
                "wrong": wrong,
                "right": right,
            }
        )
        if call_id is not UNSET:
            field_dict["call_id"] = call_id
        if turn is not UNSET:
            field_dict["turn"] = turn
        if share is not UNSET:
            field_dict["share"] = share

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        session_id = d.pop("session_id")

        wrong = d.pop("wrong")

        right = d.pop("right")

        call_id = d.pop("call_id", UNSET)

        turn = d.pop("turn", UNSET)

        share = d.pop("share", UNSET)

        correct_step = cls(
            session_id=session_id,
            wrong=wrong,
            right=right,
            call_id=call_id,
            turn=turn,
            share=share,
        )

        return correct_step

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.recall_outcome import RecallOutcome

if TYPE_CHECKING:
    from ..models.followed_call import FollowedCall


T = TypeVar("T", bound="RecallRow")


@_attrs_define
class RecallRow:
    """`seq` is the request to the model in the session's record.

    Attributes:
        session_id (str):
        turn (int):
        seq (int):
        at (datetime.datetime):
        outcome (RecallOutcome): What happened next; of several calls the worst, in this order. `ANSWERED`: the model
            made no call.
        calls (list[FollowedCall]):
    """

    session_id: str
    turn: int
    seq: int
    at: datetime.datetime
    outcome: RecallOutcome
    calls: list[FollowedCall]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        turn = self.turn

        seq = self.seq

        at = self.at.isoformat()

        outcome = self.outcome.value

        calls = []
        for calls_item_data in self.calls:
            calls_item = calls_item_data.to_dict()
            calls.append(calls_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "turn": turn,
                "seq": seq,
                "at": at,
                "outcome": outcome,
                "calls": calls,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.followed_call import FollowedCall  # noqa: PLC0415

        d = dict(src_dict)
        session_id = d.pop("session_id")

        turn = d.pop("turn")

        seq = d.pop("seq")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        outcome = RecallOutcome(d.pop("outcome"))

        calls = []
        _calls = d.pop("calls")
        for calls_item_data in _calls:
            calls_item = FollowedCall.from_dict(calls_item_data)

            calls.append(calls_item)

        recall_row = cls(
            session_id=session_id,
            turn=turn,
            seq=seq,
            at=at,
            outcome=outcome,
            calls=calls,
        )

        recall_row.additional_properties = d
        return recall_row

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

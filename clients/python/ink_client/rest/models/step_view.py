"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StepView")


@_attrs_define
class StepView:
    """`entities` are what a like step would be about.

    Attributes:
        session_id (str):
        turn (int):
        call_id (str):
        tool (str):
        argument_names (list[str]):
        entities (list[str]):
        error (str):
    """

    session_id: str
    turn: int
    call_id: str
    tool: str
    argument_names: list[str]
    entities: list[str]
    error: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        turn = self.turn

        call_id = self.call_id

        tool = self.tool

        argument_names = self.argument_names

        entities = self.entities

        error = self.error

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "turn": turn,
                "call_id": call_id,
                "tool": tool,
                "argument_names": argument_names,
                "entities": entities,
                "error": error,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        session_id = d.pop("session_id")

        turn = d.pop("turn")

        call_id = d.pop("call_id")

        tool = d.pop("tool")

        argument_names = cast(list[str], d.pop("argument_names"))

        entities = cast(list[str], d.pop("entities"))

        error = d.pop("error")

        step_view = cls(
            session_id=session_id,
            turn=turn,
            call_id=call_id,
            tool=tool,
            argument_names=argument_names,
            entities=entities,
            error=error,
        )

        step_view.additional_properties = d
        return step_view

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

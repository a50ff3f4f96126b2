"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.todo_state import TodoState
from ..types import UNSET, Unset

T = TypeVar("T", bound="Todo")


@_attrs_define
class Todo:
    """
    Attributes:
        text (str):
        state (TodoState | Unset):  Default: TodoState.OPEN.
    """

    text: str
    state: TodoState | Unset = TodoState.OPEN

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        state: str | Unset = UNSET
        if not isinstance(self.state, Unset):
            state = self.state.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
            }
        )
        if state is not UNSET:
            field_dict["state"] = state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        _state = d.pop("state", UNSET)
        state: TodoState | Unset
        if isinstance(_state, Unset):
            state = UNSET
        else:
            state = TodoState(_state)

        todo = cls(
            text=text,
            state=state,
        )

        return todo

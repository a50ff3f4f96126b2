"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.treatment import Treatment


T = TypeVar("T", bound="TreatedOtherwise")


@_attrs_define
class TreatedOtherwise:
    """
    Attributes:
        call_id (str):
        time (datetime.datetime):
        user (str):
        tool (str):
        was (Treatment):
        now (Treatment):
    """

    call_id: str
    time: datetime.datetime
    user: str
    tool: str
    was: Treatment
    now: Treatment
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        call_id = self.call_id

        time = self.time.isoformat()

        user = self.user

        tool = self.tool

        was = self.was.to_dict()

        now = self.now.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "call_id": call_id,
                "time": time,
                "user": user,
                "tool": tool,
                "was": was,
                "now": now,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.treatment import Treatment  # noqa: PLC0415

        d = dict(src_dict)
        call_id = d.pop("call_id")

        time = datetime.datetime.fromisoformat(d.pop("time"))

        user = d.pop("user")

        tool = d.pop("tool")

        was = Treatment.from_dict(d.pop("was"))

        now = Treatment.from_dict(d.pop("now"))

        treated_otherwise = cls(
            call_id=call_id,
            time=time,
            user=user,
            tool=tool,
            was=was,
            now=now,
        )

        treated_otherwise.additional_properties = d
        return treated_otherwise

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

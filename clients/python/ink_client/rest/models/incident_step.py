"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="IncidentStep")


@_attrs_define
class IncidentStep:
    """
    Attributes:
        what (str):
        at (datetime.datetime):
        text (str):
        by (None | str):
        call_id (None | str):
    """

    what: str
    at: datetime.datetime
    text: str
    by: None | str
    call_id: None | str

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        at = self.at.isoformat()

        text = self.text

        by: None | str
        by = self.by

        call_id: None | str
        call_id = self.call_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "at": at,
                "text": text,
                "by": by,
                "call_id": call_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        what = d.pop("what")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        text = d.pop("text")

        def _parse_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        by = _parse_by(d.pop("by"))

        def _parse_call_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        call_id = _parse_call_id(d.pop("call_id"))

        incident_step = cls(
            what=what,
            at=at,
            text=text,
            by=by,
            call_id=call_id,
        )

        return incident_step

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="LikeCase")


@_attrs_define
class LikeCase:
    """An earlier incident with its cause.

    Attributes:
        incident_id (str):
        title (str):
        closed_at (datetime.datetime | None):
        cause (str):
        helped (str):
    """

    incident_id: str
    title: str
    closed_at: datetime.datetime | None
    cause: str
    helped: str

    def to_dict(self) -> dict[str, Any]:
        incident_id = self.incident_id

        title = self.title

        closed_at: None | str
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        cause = self.cause

        helped = self.helped

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "incident_id": incident_id,
                "title": title,
                "closed_at": closed_at,
                "cause": cause,
                "helped": helped,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        incident_id = d.pop("incident_id")

        title = d.pop("title")

        def _parse_closed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closed_at = _parse_closed_at(d.pop("closed_at"))

        cause = d.pop("cause")

        helped = d.pop("helped")

        like_case = cls(
            incident_id=incident_id,
            title=title,
            closed_at=closed_at,
            cause=cause,
            helped=helped,
        )

        return like_case

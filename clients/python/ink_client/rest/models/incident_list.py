"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.incident_row import IncidentRow


T = TypeVar("T", bound="IncidentList")


@_attrs_define
class IncidentList:
    """The one opened last first; `total` counts those that were left out too.

    Attributes:
        incidents (list[IncidentRow]):
        total (int):
    """

    incidents: list[IncidentRow]
    total: int

    def to_dict(self) -> dict[str, Any]:
        incidents = []
        for incidents_item_data in self.incidents:
            incidents_item = incidents_item_data.to_dict()
            incidents.append(incidents_item)

        total = self.total

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "incidents": incidents,
                "total": total,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.incident_row import IncidentRow  # noqa: PLC0415

        d = dict(src_dict)
        incidents = []
        _incidents = d.pop("incidents")
        for incidents_item_data in _incidents:
            incidents_item = IncidentRow.from_dict(incidents_item_data)

            incidents.append(incidents_item)

        total = d.pop("total")

        incident_list = cls(
            incidents=incidents,
            total=total,
        )

        return incident_list

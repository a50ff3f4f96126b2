"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.detail import Detail
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewCapture")


@_attrs_define
class NewCapture:
    """For how long, how often, and what beside the job's own counters.

    Attributes:
        seconds (float | Unset):  Default: 300.0.
        interval_s (float | Unset):  Default: 1.0.
        details (list[Detail] | Unset):
        reason (str | Unset):  Default: ''.
    """

    seconds: float | Unset = 300.0
    interval_s: float | Unset = 1.0
    details: list[Detail] | Unset = UNSET
    reason: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        seconds = self.seconds

        interval_s = self.interval_s

        details: list[str] | Unset = UNSET
        if not isinstance(self.details, Unset):
            details = []
            for details_item_data in self.details:
                details_item = details_item_data.value
                details.append(details_item)

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if seconds is not UNSET:
            field_dict["seconds"] = seconds
        if interval_s is not UNSET:
            field_dict["interval_s"] = interval_s
        if details is not UNSET:
            field_dict["details"] = details
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        seconds = d.pop("seconds", UNSET)

        interval_s = d.pop("interval_s", UNSET)

        _details = d.pop("details", UNSET)
        details: list[Detail] | Unset = UNSET
        if _details is not UNSET:
            details = []
            for details_item_data in _details:
                details_item = Detail(details_item_data)

                details.append(details_item)

        reason = d.pop("reason", UNSET)

        new_capture = cls(
            seconds=seconds,
            interval_s=interval_s,
            details=details,
            reason=reason,
        )

        return new_capture

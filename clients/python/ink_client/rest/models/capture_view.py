"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.detail import Detail

T = TypeVar("T", bound="CaptureView")


@_attrs_define
class CaptureView:
    """Times are seconds since the epoch; `ended` is when it was ended early, or null.

    Attributes:
        capture_id (str):
        cluster (str):
        job (str):
        begun (float):
        until (float):
        interval_s (float):
        details (list[Detail]):
        by (str):
        reason (str):
        ended (float | None):
    """

    capture_id: str
    cluster: str
    job: str
    begun: float
    until: float
    interval_s: float
    details: list[Detail]
    by: str
    reason: str
    ended: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        capture_id = self.capture_id

        cluster = self.cluster

        job = self.job

        begun = self.begun

        until = self.until

        interval_s = self.interval_s

        details = []
        for details_item_data in self.details:
            details_item = details_item_data.value
            details.append(details_item)

        by = self.by

        reason = self.reason

        ended: float | None
        ended = self.ended

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "capture_id": capture_id,
                "cluster": cluster,
                "job": job,
                "begun": begun,
                "until": until,
                "interval_s": interval_s,
                "details": details,
                "by": by,
                "reason": reason,
                "ended": ended,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        capture_id = d.pop("capture_id")

        cluster = d.pop("cluster")

        job = d.pop("job")

        begun = d.pop("begun")

        until = d.pop("until")

        interval_s = d.pop("interval_s")

        details = []
        _details = d.pop("details")
        for details_item_data in _details:
            details_item = Detail(details_item_data)

            details.append(details_item)

        by = d.pop("by")

        reason = d.pop("reason")

        def _parse_ended(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        ended = _parse_ended(d.pop("ended"))

        capture_view = cls(
            capture_id=capture_id,
            cluster=cluster,
            job=job,
            begun=begun,
            until=until,
            interval_s=interval_s,
            details=details,
            by=by,
            reason=reason,
            ended=ended,
        )

        capture_view.additional_properties = d
        return capture_view

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

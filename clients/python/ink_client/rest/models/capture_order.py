"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.detail import Detail

T = TypeVar("T", bound="CaptureOrder")


@_attrs_define
class CaptureOrder:
    """What a collector is to do; by the time that is left, since clocks of nodes differ.

    Attributes:
        capture_id (str):
        cluster (str):
        job (str):
        seconds_left (float):
        interval_s (float):
        details (list[Detail]):
        by (str):
    """

    capture_id: str
    cluster: str
    job: str
    seconds_left: float
    interval_s: float
    details: list[Detail]
    by: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        capture_id = self.capture_id

        cluster = self.cluster

        job = self.job

        seconds_left = self.seconds_left

        interval_s = self.interval_s

        details = []
        for details_item_data in self.details:
            details_item = details_item_data.value
            details.append(details_item)

        by = self.by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "capture_id": capture_id,
                "cluster": cluster,
                "job": job,
                "seconds_left": seconds_left,
                "interval_s": interval_s,
                "details": details,
                "by": by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        capture_id = d.pop("capture_id")

        cluster = d.pop("cluster")

        job = d.pop("job")

        seconds_left = d.pop("seconds_left")

        interval_s = d.pop("interval_s")

        details = []
        _details = d.pop("details")
        for details_item_data in _details:
            details_item = Detail(details_item_data)

            details.append(details_item)

        by = d.pop("by")

        capture_order = cls(
            capture_id=capture_id,
            cluster=cluster,
            job=job,
            seconds_left=seconds_left,
            interval_s=interval_s,
            details=details,
            by=by,
        )

        capture_order.additional_properties = d
        return capture_order

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.capture_view import CaptureView


T = TypeVar("T", bound="Triggered")


@_attrs_define
class Triggered:
    """`status` is `success`; the captures that were begun or ended.

    Attributes:
        status (str):
        cluster_name (str):
        job_id (str):
        captures (list[CaptureView]):
    """

    status: str
    cluster_name: str
    job_id: str
    captures: list[CaptureView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        cluster_name = self.cluster_name

        job_id = self.job_id

        captures = []
        for captures_item_data in self.captures:
            captures_item = captures_item_data.to_dict()
            captures.append(captures_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "cluster_name": cluster_name,
                "job_id": job_id,
                "captures": captures,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.capture_view import CaptureView  # noqa: PLC0415

        d = dict(src_dict)
        status = d.pop("status")

        cluster_name = d.pop("cluster_name")

        job_id = d.pop("job_id")

        captures = []
        _captures = d.pop("captures")
        for captures_item_data in _captures:
            captures_item = CaptureView.from_dict(captures_item_data)

            captures.append(captures_item)

        triggered = cls(
            status=status,
            cluster_name=cluster_name,
            job_id=job_id,
            captures=captures,
        )

        triggered.additional_properties = d
        return triggered

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

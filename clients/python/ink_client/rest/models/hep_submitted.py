"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="HepSubmitted")


@_attrs_define
class HepSubmitted:
    """`cluster_id` is what the commands print: the id that the jobs have in common.

    Attributes:
        cluster (str):
        cluster_id (str):
        job_ids (list[str]):
    """

    cluster: str
    cluster_id: str
    job_ids: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        cluster_id = self.cluster_id

        job_ids = self.job_ids

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "cluster_id": cluster_id,
                "job_ids": job_ids,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cluster = d.pop("cluster")

        cluster_id = d.pop("cluster_id")

        job_ids = cast(list[str], d.pop("job_ids"))

        hep_submitted = cls(
            cluster=cluster,
            cluster_id=cluster_id,
            job_ids=job_ids,
        )

        hep_submitted.additional_properties = d
        return hep_submitted

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

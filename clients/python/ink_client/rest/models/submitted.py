"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="Submitted")


@_attrs_define
class Submitted:
    """Ids of the new jobs, in order.

    Attributes:
        cluster (str):
        job_ids (list[str]):
    """

    cluster: str
    job_ids: list[str]

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        job_ids = self.job_ids

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "job_ids": job_ids,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cluster = d.pop("cluster")

        job_ids = cast(list[str], d.pop("job_ids"))

        submitted = cls(
            cluster=cluster,
            job_ids=job_ids,
        )

        return submitted

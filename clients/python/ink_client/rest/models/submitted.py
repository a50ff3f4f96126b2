"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Submitted")


@_attrs_define
class Submitted:
    """Ids of the new jobs, in order; `operation_id` is what they carry, where that is known.

    Attributes:
        cluster (str):
        job_ids (list[str]):
        operation_id (None | str | Unset):
    """

    cluster: str
    job_ids: list[str]
    operation_id: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        job_ids = self.job_ids

        operation_id: None | str | Unset
        if isinstance(self.operation_id, Unset):
            operation_id = UNSET
        else:
            operation_id = self.operation_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "job_ids": job_ids,
            }
        )
        if operation_id is not UNSET:
            field_dict["operation_id"] = operation_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cluster = d.pop("cluster")

        job_ids = cast(list[str], d.pop("job_ids"))

        def _parse_operation_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        operation_id = _parse_operation_id(d.pop("operation_id", UNSET))

        submitted = cls(
            cluster=cluster,
            job_ids=job_ids,
            operation_id=operation_id,
        )

        return submitted

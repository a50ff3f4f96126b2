"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="SubmittedDag")


@_attrs_define
class SubmittedDag:
    """`job_ids` are the jobs that exist by now: the DAGMan job on HTCondor, those of all nodes elsewhere.

    Attributes:
        cluster (str):
        job_ids (list[str]):
        dag (str):
    """

    cluster: str
    job_ids: list[str]
    dag: str

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        job_ids = self.job_ids

        dag = self.dag

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "job_ids": job_ids,
                "dag": dag,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cluster = d.pop("cluster")

        job_ids = cast(list[str], d.pop("job_ids"))

        dag = d.pop("dag")

        submitted_dag = cls(
            cluster=cluster,
            job_ids=job_ids,
            dag=dag,
        )

        return submitted_dag

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.job import Job
    from ..models.job_page_counts import JobPageCounts


T = TypeVar("T", bound="JobPage")


@_attrs_define
class JobPage:
    """`counts` are of all jobs that the filters leave, before that by state; `problem` is why it is not newer.

    Attributes:
        cluster (str):
        observed_at (datetime.datetime):
        problem (None | str):
        jobs (list[Job]):
        total (int):
        counts (JobPageCounts):
        next_cursor (None | str):
    """

    cluster: str
    observed_at: datetime.datetime
    problem: None | str
    jobs: list[Job]
    total: int
    counts: JobPageCounts
    next_cursor: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        observed_at = self.observed_at.isoformat()

        problem: None | str
        problem = self.problem

        jobs = []
        for jobs_item_data in self.jobs:
            jobs_item = jobs_item_data.to_dict()
            jobs.append(jobs_item)

        total = self.total

        counts = self.counts.to_dict()

        next_cursor: None | str
        next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "observed_at": observed_at,
                "problem": problem,
                "jobs": jobs,
                "total": total,
                "counts": counts,
                "next_cursor": next_cursor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job import Job  # noqa: PLC0415
        from ..models.job_page_counts import JobPageCounts  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        jobs = []
        _jobs = d.pop("jobs")
        for jobs_item_data in _jobs:
            jobs_item = Job.from_dict(jobs_item_data)

            jobs.append(jobs_item)

        total = d.pop("total")

        counts = JobPageCounts.from_dict(d.pop("counts"))

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        job_page = cls(
            cluster=cluster,
            observed_at=observed_at,
            problem=problem,
            jobs=jobs,
            total=total,
            counts=counts,
            next_cursor=next_cursor,
        )

        job_page.additional_properties = d
        return job_page

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

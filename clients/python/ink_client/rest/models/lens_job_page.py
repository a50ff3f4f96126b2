"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.lens_counts import LensCounts
    from ..models.lens_job_row import LensJobRow


T = TypeVar("T", bound="LensJobPage")


@_attrs_define
class LensJobPage:
    """`counts` are of all jobs that the filters leave, before that by state.

    Attributes:
        jobs (list[LensJobRow]):
        counts (LensCounts): `running` and `other` (ended, or lost from sight) were measured; `idle` and `held` are what
            the queue shows.
        next_cursor (None | str):
    """

    jobs: list[LensJobRow]
    counts: LensCounts
    next_cursor: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        jobs = []
        for jobs_item_data in self.jobs:
            jobs_item = jobs_item_data.to_dict()
            jobs.append(jobs_item)

        counts = self.counts.to_dict()

        next_cursor: None | str
        next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "jobs": jobs,
                "counts": counts,
                "next_cursor": next_cursor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lens_counts import LensCounts  # noqa: PLC0415
        from ..models.lens_job_row import LensJobRow  # noqa: PLC0415

        d = dict(src_dict)
        jobs = []
        _jobs = d.pop("jobs")
        for jobs_item_data in _jobs:
            jobs_item = LensJobRow.from_dict(jobs_item_data)

            jobs.append(jobs_item)

        counts = LensCounts.from_dict(d.pop("counts"))

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        lens_job_page = cls(
            jobs=jobs,
            counts=counts,
            next_cursor=next_cursor,
        )

        lens_job_page.additional_properties = d
        return lens_job_page

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

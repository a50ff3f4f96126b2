"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.seen_scope import SeenScope
    from ..models.seen_times import SeenTimes
    from ..models.summary_data_stats import SummaryDataStats


T = TypeVar("T", bound="SummaryData")


@_attrs_define
class SummaryData:
    """`stats` by alias: `cpu{avg,max,p99}`, `mem{max_kb,avg_kb}`, `io{total_bytes}`.

    Attributes:
        job (str):
        cluster (str):
        time (SeenTimes):
        scope (SeenScope):
        stats (SummaryDataStats):
    """

    job: str
    cluster: str
    time: SeenTimes
    scope: SeenScope
    stats: SummaryDataStats
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job = self.job

        cluster = self.cluster

        time = self.time.to_dict()

        scope = self.scope.to_dict()

        stats = self.stats.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job": job,
                "cluster": cluster,
                "time": time,
                "scope": scope,
                "stats": stats,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.seen_scope import SeenScope  # noqa: PLC0415
        from ..models.seen_times import SeenTimes  # noqa: PLC0415
        from ..models.summary_data_stats import SummaryDataStats  # noqa: PLC0415

        d = dict(src_dict)
        job = d.pop("job")

        cluster = d.pop("cluster")

        time = SeenTimes.from_dict(d.pop("time"))

        scope = SeenScope.from_dict(d.pop("scope"))

        stats = SummaryDataStats.from_dict(d.pop("stats"))

        summary_data = cls(
            job=job,
            cluster=cluster,
            time=time,
            scope=scope,
            stats=stats,
        )

        summary_data.additional_properties = d
        return summary_data

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.series_data_stats import SeriesDataStats
    from ..models.series_data_timerange import SeriesDataTimerange
    from ..models.series_record import SeriesRecord


T = TypeVar("T", bound="SeriesData")


@_attrs_define
class SeriesData:
    """
    Attributes:
        metrics (list[str]):
        interval (str):
        timerange (SeriesDataTimerange):
        records (list[SeriesRecord]):
        stats (SeriesDataStats):
    """

    metrics: list[str]
    interval: str
    timerange: SeriesDataTimerange
    records: list[SeriesRecord]
    stats: SeriesDataStats
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        metrics = self.metrics

        interval = self.interval

        timerange = self.timerange.to_dict()

        records = []
        for records_item_data in self.records:
            records_item = records_item_data.to_dict()
            records.append(records_item)

        stats = self.stats.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "metrics": metrics,
                "interval": interval,
                "timerange": timerange,
                "records": records,
                "stats": stats,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.series_data_stats import SeriesDataStats  # noqa: PLC0415
        from ..models.series_data_timerange import SeriesDataTimerange  # noqa: PLC0415
        from ..models.series_record import SeriesRecord  # noqa: PLC0415

        d = dict(src_dict)
        metrics = cast(list[str], d.pop("metrics"))

        interval = d.pop("interval")

        timerange = SeriesDataTimerange.from_dict(d.pop("timerange"))

        records = []
        _records = d.pop("records")
        for records_item_data in _records:
            records_item = SeriesRecord.from_dict(records_item_data)

            records.append(records_item)

        stats = SeriesDataStats.from_dict(d.pop("stats"))

        series_data = cls(
            metrics=metrics,
            interval=interval,
            timerange=timerange,
            records=records,
            stats=stats,
        )

        series_data.additional_properties = d
        return series_data

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.partition import Partition
    from ..models.schedd import Schedd
    from ..models.totals import Totals


T = TypeVar("T", bound="ClusterTotals")


@_attrs_define
class ClusterTotals:
    """
    Attributes:
        cluster (str):
        observed_at (datetime.datetime):
        totals (Totals): `nodes` and `slots` are counted by state; `out_of_service` are nodes that take no new jobs.
        schedds (list[Schedd]):
        partitions (list[Partition]):
    """

    cluster: str
    observed_at: datetime.datetime
    totals: Totals
    schedds: list[Schedd]
    partitions: list[Partition]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        observed_at = self.observed_at.isoformat()

        totals = self.totals.to_dict()

        schedds = []
        for schedds_item_data in self.schedds:
            schedds_item = schedds_item_data.to_dict()
            schedds.append(schedds_item)

        partitions = []
        for partitions_item_data in self.partitions:
            partitions_item = partitions_item_data.to_dict()
            partitions.append(partitions_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "observed_at": observed_at,
                "totals": totals,
                "schedds": schedds,
                "partitions": partitions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.partition import Partition  # noqa: PLC0415
        from ..models.schedd import Schedd  # noqa: PLC0415
        from ..models.totals import Totals  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        totals = Totals.from_dict(d.pop("totals"))

        schedds = []
        _schedds = d.pop("schedds")
        for schedds_item_data in _schedds:
            schedds_item = Schedd.from_dict(schedds_item_data)

            schedds.append(schedds_item)

        partitions = []
        _partitions = d.pop("partitions")
        for partitions_item_data in _partitions:
            partitions_item = Partition.from_dict(partitions_item_data)

            partitions.append(partitions_item)

        cluster_totals = cls(
            cluster=cluster,
            observed_at=observed_at,
            totals=totals,
            schedds=schedds,
            partitions=partitions,
        )

        cluster_totals.additional_properties = d
        return cluster_totals

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

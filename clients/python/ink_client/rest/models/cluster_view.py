"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.cluster_view_unrecorded import ClusterViewUnrecorded


T = TypeVar("T", bound="ClusterView")


@_attrs_define
class ClusterView:
    """What the queue mirror shows of a cluster: as of `observed_at`, with the `problem` of its latest poll.

    `unrecorded` are ended jobs that the history could not take, with the reason.

        Attributes:
            cluster (str):
            observed_at (datetime.datetime | None):
            problem (None | str):
            unrecorded (ClusterViewUnrecorded):
    """

    cluster: str
    observed_at: datetime.datetime | None
    problem: None | str
    unrecorded: ClusterViewUnrecorded
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        observed_at: None | str
        if isinstance(self.observed_at, datetime.datetime):
            observed_at = self.observed_at.isoformat()
        else:
            observed_at = self.observed_at

        problem: None | str
        problem = self.problem

        unrecorded = self.unrecorded.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "observed_at": observed_at,
                "problem": problem,
                "unrecorded": unrecorded,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cluster_view_unrecorded import ClusterViewUnrecorded  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        def _parse_observed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                observed_at_type_0 = datetime.datetime.fromisoformat(data)

                return observed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        observed_at = _parse_observed_at(d.pop("observed_at"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        unrecorded = ClusterViewUnrecorded.from_dict(d.pop("unrecorded"))

        cluster_view = cls(
            cluster=cluster,
            observed_at=observed_at,
            problem=problem,
            unrecorded=unrecorded,
        )

        cluster_view.additional_properties = d
        return cluster_view

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

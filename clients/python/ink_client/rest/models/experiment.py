"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Experiment")


@_attrs_define
class Experiment:
    """`cluster` is the name of a cluster in the settings, `schedd` that of one of its schedds; None is the default.

    Attributes:
        groups (list[str]):
        cluster (None | str | Unset):
        schedd (None | str | Unset):
    """

    groups: list[str]
    cluster: None | str | Unset = UNSET
    schedd: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        groups = self.groups

        cluster: None | str | Unset
        if isinstance(self.cluster, Unset):
            cluster = UNSET
        else:
            cluster = self.cluster

        schedd: None | str | Unset
        if isinstance(self.schedd, Unset):
            schedd = UNSET
        else:
            schedd = self.schedd

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "groups": groups,
            }
        )
        if cluster is not UNSET:
            field_dict["cluster"] = cluster
        if schedd is not UNSET:
            field_dict["schedd"] = schedd

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        groups = cast(list[str], d.pop("groups"))

        def _parse_cluster(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cluster = _parse_cluster(d.pop("cluster", UNSET))

        def _parse_schedd(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        schedd = _parse_schedd(d.pop("schedd", UNSET))

        experiment = cls(
            groups=groups,
            cluster=cluster,
            schedd=schedd,
        )

        return experiment

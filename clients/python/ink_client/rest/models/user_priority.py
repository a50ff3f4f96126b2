"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="UserPriority")


@_attrs_define
class UserPriority:
    """What a scheduler does not tell is None. `cpu_hours` were used in all (HTCondor), or count still (Slurm).

    Attributes:
        user (str):
        value (float):
        rank (int | Unset): 1 comes first; who is weighed alike has the same. Default: 1.
        group (None | str | Unset): Accounting group (HTCondor), account (Slurm).
        factor (float | None | Unset): What the priority is multiplied with (HTCondor).
        share (float | None | Unset): The part of the cluster that is due, 0 to 1 (Slurm).
        cpus_used (float | None | Unset): Now (HTCondor).
        cpu_hours (float | None | Unset):
    """

    user: str
    value: float
    rank: int | Unset = 1
    group: None | str | Unset = UNSET
    factor: float | None | Unset = UNSET
    share: float | None | Unset = UNSET
    cpus_used: float | None | Unset = UNSET
    cpu_hours: float | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        user = self.user

        value = self.value

        rank = self.rank

        group: None | str | Unset
        if isinstance(self.group, Unset):
            group = UNSET
        else:
            group = self.group

        factor: float | None | Unset
        if isinstance(self.factor, Unset):
            factor = UNSET
        else:
            factor = self.factor

        share: float | None | Unset
        if isinstance(self.share, Unset):
            share = UNSET
        else:
            share = self.share

        cpus_used: float | None | Unset
        if isinstance(self.cpus_used, Unset):
            cpus_used = UNSET
        else:
            cpus_used = self.cpus_used

        cpu_hours: float | None | Unset
        if isinstance(self.cpu_hours, Unset):
            cpu_hours = UNSET
        else:
            cpu_hours = self.cpu_hours

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "user": user,
                "value": value,
            }
        )
        if rank is not UNSET:
            field_dict["rank"] = rank
        if group is not UNSET:
            field_dict["group"] = group
        if factor is not UNSET:
            field_dict["factor"] = factor
        if share is not UNSET:
            field_dict["share"] = share
        if cpus_used is not UNSET:
            field_dict["cpus_used"] = cpus_used
        if cpu_hours is not UNSET:
            field_dict["cpu_hours"] = cpu_hours

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user = d.pop("user")

        value = d.pop("value")

        rank = d.pop("rank", UNSET)

        def _parse_group(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        group = _parse_group(d.pop("group", UNSET))

        def _parse_factor(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        factor = _parse_factor(d.pop("factor", UNSET))

        def _parse_share(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        share = _parse_share(d.pop("share", UNSET))

        def _parse_cpus_used(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cpus_used = _parse_cpus_used(d.pop("cpus_used", UNSET))

        def _parse_cpu_hours(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cpu_hours = _parse_cpu_hours(d.pop("cpu_hours", UNSET))

        user_priority = cls(
            user=user,
            value=value,
            rank=rank,
            group=group,
            factor=factor,
            share=share,
            cpus_used=cpus_used,
            cpu_hours=cpu_hours,
        )

        return user_priority

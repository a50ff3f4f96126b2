"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="JobChanges")


@_attrs_define
class JobChanges:
    """What to change of jobs that are in the queue; None leaves a thing as it is.

    Attributes:
        memory_mb (int | None | Unset):
        cpus (int | None | Unset):
        wall_time_s (int | None | Unset):
        priority (int | None | Unset):
        name (None | str | Unset):
    """

    memory_mb: int | None | Unset = UNSET
    cpus: int | None | Unset = UNSET
    wall_time_s: int | None | Unset = UNSET
    priority: int | None | Unset = UNSET
    name: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        memory_mb: int | None | Unset
        if isinstance(self.memory_mb, Unset):
            memory_mb = UNSET
        else:
            memory_mb = self.memory_mb

        cpus: int | None | Unset
        if isinstance(self.cpus, Unset):
            cpus = UNSET
        else:
            cpus = self.cpus

        wall_time_s: int | None | Unset
        if isinstance(self.wall_time_s, Unset):
            wall_time_s = UNSET
        else:
            wall_time_s = self.wall_time_s

        priority: int | None | Unset
        if isinstance(self.priority, Unset):
            priority = UNSET
        else:
            priority = self.priority

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if memory_mb is not UNSET:
            field_dict["memory_mb"] = memory_mb
        if cpus is not UNSET:
            field_dict["cpus"] = cpus
        if wall_time_s is not UNSET:
            field_dict["wall_time_s"] = wall_time_s
        if priority is not UNSET:
            field_dict["priority"] = priority
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_memory_mb(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        memory_mb = _parse_memory_mb(d.pop("memory_mb", UNSET))

        def _parse_cpus(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        cpus = _parse_cpus(d.pop("cpus", UNSET))

        def _parse_wall_time_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        wall_time_s = _parse_wall_time_s(d.pop("wall_time_s", UNSET))

        def _parse_priority(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        priority = _parse_priority(d.pop("priority", UNSET))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        job_changes = cls(
            memory_mb=memory_mb,
            cpus=cpus,
            wall_time_s=wall_time_s,
            priority=priority,
            name=name,
        )

        return job_changes

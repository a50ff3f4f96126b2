"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bounds import Bounds


T = TypeVar("T", bound="Resources")


@_attrs_define
class Resources:
    """Of the job: CPUs, memory in MB, wall time in seconds, GPUs.

    Attributes:
        cpus (Bounds): What is asked for when nobody says, and how little and how much one may ask for.
        memory_mb (Bounds): What is asked for when nobody says, and how little and how much one may ask for.
        wall_time_s (Bounds): What is asked for when nobody says, and how little and how much one may ask for.
        gpus (Bounds | Unset): What is asked for when nobody says, and how little and how much one may ask for.
    """

    cpus: Bounds
    memory_mb: Bounds
    wall_time_s: Bounds
    gpus: Bounds | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        cpus = self.cpus.to_dict()

        memory_mb = self.memory_mb.to_dict()

        wall_time_s = self.wall_time_s.to_dict()

        gpus: dict[str, Any] | Unset = UNSET
        if not isinstance(self.gpus, Unset):
            gpus = self.gpus.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cpus": cpus,
                "memory_mb": memory_mb,
                "wall_time_s": wall_time_s,
            }
        )
        if gpus is not UNSET:
            field_dict["gpus"] = gpus

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bounds import Bounds  # noqa: PLC0415

        d = dict(src_dict)
        cpus = Bounds.from_dict(d.pop("cpus"))

        memory_mb = Bounds.from_dict(d.pop("memory_mb"))

        wall_time_s = Bounds.from_dict(d.pop("wall_time_s"))

        _gpus = d.pop("gpus", UNSET)
        gpus: Bounds | Unset
        if isinstance(_gpus, Unset):
            gpus = UNSET
        else:
            gpus = Bounds.from_dict(_gpus)

        resources = cls(
            cpus=cpus,
            memory_mb=memory_mb,
            wall_time_s=wall_time_s,
            gpus=gpus,
        )

        return resources

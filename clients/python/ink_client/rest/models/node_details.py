"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NodeDetails")


@_attrs_define
class NodeDetails:
    """`reason` is why it is out of service, as an administrator or the scheduler wrote it; `load` is the load average.

    `out_of_service`: it takes no new jobs, though it may have free CPUs.

        Attributes:
            name (str):
            state (str):
            cpus (int):
            cpus_used (int):
            memory_mb (int):
            out_of_service (bool | Unset):  Default: False.
            reason (None | str | Unset):
            load (float | None | Unset):
            memory_free_mb (int | None | Unset):
            gpus (int | None | Unset):
            partitions (list[str] | Unset):
    """

    name: str
    state: str
    cpus: int
    cpus_used: int
    memory_mb: int
    out_of_service: bool | Unset = False
    reason: None | str | Unset = UNSET
    load: float | None | Unset = UNSET
    memory_free_mb: int | None | Unset = UNSET
    gpus: int | None | Unset = UNSET
    partitions: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        state = self.state

        cpus = self.cpus

        cpus_used = self.cpus_used

        memory_mb = self.memory_mb

        out_of_service = self.out_of_service

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        load: float | None | Unset
        if isinstance(self.load, Unset):
            load = UNSET
        else:
            load = self.load

        memory_free_mb: int | None | Unset
        if isinstance(self.memory_free_mb, Unset):
            memory_free_mb = UNSET
        else:
            memory_free_mb = self.memory_free_mb

        gpus: int | None | Unset
        if isinstance(self.gpus, Unset):
            gpus = UNSET
        else:
            gpus = self.gpus

        partitions: list[str] | Unset = UNSET
        if not isinstance(self.partitions, Unset):
            partitions = self.partitions

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "state": state,
                "cpus": cpus,
                "cpus_used": cpus_used,
                "memory_mb": memory_mb,
            }
        )
        if out_of_service is not UNSET:
            field_dict["out_of_service"] = out_of_service
        if reason is not UNSET:
            field_dict["reason"] = reason
        if load is not UNSET:
            field_dict["load"] = load
        if memory_free_mb is not UNSET:
            field_dict["memory_free_mb"] = memory_free_mb
        if gpus is not UNSET:
            field_dict["gpus"] = gpus
        if partitions is not UNSET:
            field_dict["partitions"] = partitions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        state = d.pop("state")

        cpus = d.pop("cpus")

        cpus_used = d.pop("cpus_used")

        memory_mb = d.pop("memory_mb")

        out_of_service = d.pop("out_of_service", UNSET)

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        def _parse_load(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        load = _parse_load(d.pop("load", UNSET))

        def _parse_memory_free_mb(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        memory_free_mb = _parse_memory_free_mb(d.pop("memory_free_mb", UNSET))

        def _parse_gpus(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        gpus = _parse_gpus(d.pop("gpus", UNSET))

        partitions = cast(list[str], d.pop("partitions", UNSET))

        node_details = cls(
            name=name,
            state=state,
            cpus=cpus,
            cpus_used=cpus_used,
            memory_mb=memory_mb,
            out_of_service=out_of_service,
            reason=reason,
            load=load,
            memory_free_mb=memory_free_mb,
            gpus=gpus,
            partitions=partitions,
        )

        return node_details

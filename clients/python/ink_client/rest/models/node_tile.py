"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.node_condition import NodeCondition
from ..types import UNSET, Unset

T = TypeVar("T", bound="NodeTile")


@_attrs_define
class NodeTile:
    """One node on the health map. `jobs` are those that run there; `incidents` the open ones about it.

    `partitions` are those of Slurm that it belongs to.

        Attributes:
            node (str):
            condition (NodeCondition):
            state (str):
            reason (None | str):
            cpus (int):
            cpus_used (int):
            memory_mb (int):
            jobs (int):
            incidents (list[str]):
            partitions (list[str] | Unset):
    """

    node: str
    condition: NodeCondition
    state: str
    reason: None | str
    cpus: int
    cpus_used: int
    memory_mb: int
    jobs: int
    incidents: list[str]
    partitions: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        node = self.node

        condition = self.condition.value

        state = self.state

        reason: None | str
        reason = self.reason

        cpus = self.cpus

        cpus_used = self.cpus_used

        memory_mb = self.memory_mb

        jobs = self.jobs

        incidents = self.incidents

        partitions: list[str] | Unset = UNSET
        if not isinstance(self.partitions, Unset):
            partitions = self.partitions

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "node": node,
                "condition": condition,
                "state": state,
                "reason": reason,
                "cpus": cpus,
                "cpus_used": cpus_used,
                "memory_mb": memory_mb,
                "jobs": jobs,
                "incidents": incidents,
            }
        )
        if partitions is not UNSET:
            field_dict["partitions"] = partitions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        node = d.pop("node")

        condition = NodeCondition(d.pop("condition"))

        state = d.pop("state")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        cpus = d.pop("cpus")

        cpus_used = d.pop("cpus_used")

        memory_mb = d.pop("memory_mb")

        jobs = d.pop("jobs")

        incidents = cast(list[str], d.pop("incidents"))

        partitions = cast(list[str], d.pop("partitions", UNSET))

        node_tile = cls(
            node=node,
            condition=condition,
            state=state,
            reason=reason,
            cpus=cpus,
            cpus_used=cpus_used,
            memory_mb=memory_mb,
            jobs=jobs,
            incidents=incidents,
            partitions=partitions,
        )

        return node_tile

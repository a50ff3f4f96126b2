"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.totals_nodes import TotalsNodes
    from ..models.totals_slots import TotalsSlots


T = TypeVar("T", bound="Totals")


@_attrs_define
class Totals:
    """`nodes` and `slots` are counted by state; `out_of_service` are nodes that take no new jobs.

    Attributes:
        nodes (TotalsNodes):
        out_of_service (int):
        slots (TotalsSlots):
        cpus (int):
        cpus_used (int):
        memory_mb (int):
        gpus (int):
    """

    nodes: TotalsNodes
    out_of_service: int
    slots: TotalsSlots
    cpus: int
    cpus_used: int
    memory_mb: int
    gpus: int

    def to_dict(self) -> dict[str, Any]:
        nodes = self.nodes.to_dict()

        out_of_service = self.out_of_service

        slots = self.slots.to_dict()

        cpus = self.cpus

        cpus_used = self.cpus_used

        memory_mb = self.memory_mb

        gpus = self.gpus

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "nodes": nodes,
                "out_of_service": out_of_service,
                "slots": slots,
                "cpus": cpus,
                "cpus_used": cpus_used,
                "memory_mb": memory_mb,
                "gpus": gpus,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.totals_nodes import TotalsNodes  # noqa: PLC0415
        from ..models.totals_slots import TotalsSlots  # noqa: PLC0415

        d = dict(src_dict)
        nodes = TotalsNodes.from_dict(d.pop("nodes"))

        out_of_service = d.pop("out_of_service")

        slots = TotalsSlots.from_dict(d.pop("slots"))

        cpus = d.pop("cpus")

        cpus_used = d.pop("cpus_used")

        memory_mb = d.pop("memory_mb")

        gpus = d.pop("gpus")

        totals = cls(
            nodes=nodes,
            out_of_service=out_of_service,
            slots=slots,
            cpus=cpus,
            cpus_used=cpus_used,
            memory_mb=memory_mb,
            gpus=gpus,
        )

        return totals

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.node_details import NodeDetails
    from ..models.slot_row import SlotRow


T = TypeVar("T", bound="NodeWithSlots")


@_attrs_define
class NodeWithSlots:
    """`slots` are HTCondor's only.

    Attributes:
        cluster (str):
        observed_at (datetime.datetime):
        node (NodeDetails): `reason` is why it is out of service, as an administrator or the scheduler wrote it; `load`
            is the load average.

            `out_of_service`: it takes no new jobs, though it may have free CPUs.
        slots (list[SlotRow]):
    """

    cluster: str
    observed_at: datetime.datetime
    node: NodeDetails
    slots: list[SlotRow]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        observed_at = self.observed_at.isoformat()

        node = self.node.to_dict()

        slots = []
        for slots_item_data in self.slots:
            slots_item = slots_item_data.to_dict()
            slots.append(slots_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cluster": cluster,
                "observed_at": observed_at,
                "node": node,
                "slots": slots,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.node_details import NodeDetails  # noqa: PLC0415
        from ..models.slot_row import SlotRow  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        node = NodeDetails.from_dict(d.pop("node"))

        slots = []
        _slots = d.pop("slots")
        for slots_item_data in _slots:
            slots_item = SlotRow.from_dict(slots_item_data)

            slots.append(slots_item)

        node_with_slots = cls(
            cluster=cluster,
            observed_at=observed_at,
            node=node,
            slots=slots,
        )

        node_with_slots.additional_properties = d
        return node_with_slots

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

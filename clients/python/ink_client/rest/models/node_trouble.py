"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.node_condition import NodeCondition

T = TypeVar("T", bound="NodeTrouble")


@_attrs_define
class NodeTrouble:
    """A node that does not work, with the scheduler's words.

    Attributes:
        node (str):
        condition (NodeCondition):
        state (str):
        reason (None | str):
    """

    node: str
    condition: NodeCondition
    state: str
    reason: None | str

    def to_dict(self) -> dict[str, Any]:
        node = self.node

        condition = self.condition.value

        state = self.state

        reason: None | str
        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "node": node,
                "condition": condition,
                "state": state,
                "reason": reason,
            }
        )

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

        node_trouble = cls(
            node=node,
            condition=condition,
            state=state,
            reason=reason,
        )

        return node_trouble

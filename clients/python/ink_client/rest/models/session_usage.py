"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.budget import Budget
    from ..models.optional_measures import OptionalMeasures


T = TypeVar("T", bound="SessionUsage")


@_attrs_define
class SessionUsage:
    """`budgets` are those of the user, the task, the session and, of a sub-agent, those above it; `left` is the least
    of what these and the site have left.

        Attributes:
            session_id (str):
            left (OptionalMeasures): The same as limits; null where there is none.
            budgets (list[Budget]):
    """

    session_id: str
    left: OptionalMeasures
    budgets: list[Budget]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        left = self.left.to_dict()

        budgets = []
        for budgets_item_data in self.budgets:
            budgets_item = budgets_item_data.to_dict()
            budgets.append(budgets_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "left": left,
                "budgets": budgets,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.budget import Budget  # noqa: PLC0415
        from ..models.optional_measures import OptionalMeasures  # noqa: PLC0415

        d = dict(src_dict)
        session_id = d.pop("session_id")

        left = OptionalMeasures.from_dict(d.pop("left"))

        budgets = []
        _budgets = d.pop("budgets")
        for budgets_item_data in _budgets:
            budgets_item = Budget.from_dict(budgets_item_data)

            budgets.append(budgets_item)

        session_usage = cls(
            session_id=session_id,
            left=left,
            budgets=budgets,
        )

        session_usage.additional_properties = d
        return session_usage

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

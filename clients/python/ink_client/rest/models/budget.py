"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.measures import Measures
    from ..models.optional_measures import OptionalMeasures


T = TypeVar("T", bound="Budget")


@_attrs_define
class Budget:
    """How an account stands (`user NAME` in the calendar month, `task ID`, `session ID`): with what is reserved for
    what is under way and for jobs that have not ended.

        Attributes:
            account (str):
            limits (OptionalMeasures): The same as limits; null where there is none.
            spent (Measures): Tokens of models, money in the site's unit, calls of tools, seconds that all these took, CPU-
                hours of jobs.
            reserved (Measures): Tokens of models, money in the site's unit, calls of tools, seconds that all these took,
                CPU-hours of jobs.
            left (OptionalMeasures): The same as limits; null where there is none.
    """

    account: str
    limits: OptionalMeasures
    spent: Measures
    reserved: Measures
    left: OptionalMeasures
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account = self.account

        limits = self.limits.to_dict()

        spent = self.spent.to_dict()

        reserved = self.reserved.to_dict()

        left = self.left.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account": account,
                "limits": limits,
                "spent": spent,
                "reserved": reserved,
                "left": left,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.measures import Measures  # noqa: PLC0415
        from ..models.optional_measures import OptionalMeasures  # noqa: PLC0415

        d = dict(src_dict)
        account = d.pop("account")

        limits = OptionalMeasures.from_dict(d.pop("limits"))

        spent = Measures.from_dict(d.pop("spent"))

        reserved = Measures.from_dict(d.pop("reserved"))

        left = OptionalMeasures.from_dict(d.pop("left"))

        budget = cls(
            account=account,
            limits=limits,
            spent=spent,
            reserved=reserved,
            left=left,
        )

        budget.additional_properties = d
        return budget

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

"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.backtested_fired import BacktestedFired
    from ..models.would_have import WouldHave


T = TypeVar("T", bound="Backtested")


@_attrs_define
class Backtested:
    """`more`: there are more jobs of that time. `first` are the first instructions of all.

    Attributes:
        jobs (int):
        more (bool):
        captures (int):
        warnings (int):
        actions (int):
        left_out (int):
        fired (BacktestedFired):
        first (list[WouldHave]):
    """

    jobs: int
    more: bool
    captures: int
    warnings: int
    actions: int
    left_out: int
    fired: BacktestedFired
    first: list[WouldHave]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        jobs = self.jobs

        more = self.more

        captures = self.captures

        warnings = self.warnings

        actions = self.actions

        left_out = self.left_out

        fired = self.fired.to_dict()

        first = []
        for first_item_data in self.first:
            first_item = first_item_data.to_dict()
            first.append(first_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "jobs": jobs,
                "more": more,
                "captures": captures,
                "warnings": warnings,
                "actions": actions,
                "left_out": left_out,
                "fired": fired,
                "first": first,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.backtested_fired import BacktestedFired  # noqa: PLC0415
        from ..models.would_have import WouldHave  # noqa: PLC0415

        d = dict(src_dict)
        jobs = d.pop("jobs")

        more = d.pop("more")

        captures = d.pop("captures")

        warnings = d.pop("warnings")

        actions = d.pop("actions")

        left_out = d.pop("left_out")

        fired = BacktestedFired.from_dict(d.pop("fired"))

        first = []
        _first = d.pop("first")
        for first_item_data in _first:
            first_item = WouldHave.from_dict(first_item_data)

            first.append(first_item)

        backtested = cls(
            jobs=jobs,
            more=more,
            captures=captures,
            warnings=warnings,
            actions=actions,
            left_out=left_out,
            fired=fired,
            first=first,
        )

        backtested.additional_properties = d
        return backtested

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

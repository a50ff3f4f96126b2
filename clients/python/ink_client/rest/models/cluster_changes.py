"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.cluster_change_view import ClusterChangeView


T = TypeVar("T", bound="ClusterChanges")


@_attrs_define
class ClusterChanges:
    """`whole`: all of that time are told. `everybody`: those on behalf of all users, and not only of one's own.

    Attributes:
        changes (list[ClusterChangeView]):
        whole (bool):
        everybody (bool):
    """

    changes: list[ClusterChangeView]
    whole: bool
    everybody: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        whole = self.whole

        everybody = self.everybody

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "changes": changes,
                "whole": whole,
                "everybody": everybody,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cluster_change_view import ClusterChangeView  # noqa: PLC0415

        d = dict(src_dict)
        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = ClusterChangeView.from_dict(changes_item_data)

            changes.append(changes_item)

        whole = d.pop("whole")

        everybody = d.pop("everybody")

        cluster_changes = cls(
            changes=changes,
            whole=whole,
            everybody=everybody,
        )

        cluster_changes.additional_properties = d
        return cluster_changes

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

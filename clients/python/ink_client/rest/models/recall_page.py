"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.recall_row import RecallRow


T = TypeVar("T", bound="RecallPage")


@_attrs_define
class RecallPage:
    """Of sessions that the caller may look at; `others` counts those of other people.

    Attributes:
        recalls (list[RecallRow]):
        others (int):
    """

    recalls: list[RecallRow]
    others: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recalls = []
        for recalls_item_data in self.recalls:
            recalls_item = recalls_item_data.to_dict()
            recalls.append(recalls_item)

        others = self.others

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recalls": recalls,
                "others": others,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recall_row import RecallRow  # noqa: PLC0415

        d = dict(src_dict)
        recalls = []
        _recalls = d.pop("recalls")
        for recalls_item_data in _recalls:
            recalls_item = RecallRow.from_dict(recalls_item_data)

            recalls.append(recalls_item)

        others = d.pop("others")

        recall_page = cls(
            recalls=recalls,
            others=others,
        )

        recall_page.additional_properties = d
        return recall_page

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

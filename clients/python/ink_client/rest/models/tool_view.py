"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.tool_view_input_schema import ToolViewInputSchema


T = TypeVar("T", bound="ToolView")


@_attrs_define
class ToolView:
    """
    Attributes:
        name (str):
        title (str):
        description (str):
        risk (str):
        scopes (list[str]):
        input_schema (ToolViewInputSchema):
    """

    name: str
    title: str
    description: str
    risk: str
    scopes: list[str]
    input_schema: ToolViewInputSchema
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        title = self.title

        description = self.description

        risk = self.risk

        scopes = self.scopes

        input_schema = self.input_schema.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "title": title,
                "description": description,
                "risk": risk,
                "scopes": scopes,
                "input_schema": input_schema,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tool_view_input_schema import ToolViewInputSchema  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        title = d.pop("title")

        description = d.pop("description")

        risk = d.pop("risk")

        scopes = cast(list[str], d.pop("scopes"))

        input_schema = ToolViewInputSchema.from_dict(d.pop("input_schema"))

        tool_view = cls(
            name=name,
            title=title,
            description=description,
            risk=risk,
            scopes=scopes,
            input_schema=input_schema,
        )

        tool_view.additional_properties = d
        return tool_view

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

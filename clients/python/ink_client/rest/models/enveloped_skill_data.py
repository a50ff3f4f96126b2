"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.skill_data import SkillData


T = TypeVar("T", bound="EnvelopedSkillData")


@_attrs_define
class EnvelopedSkillData:
    """
    Attributes:
        data (SkillData): `content` is Markdown.
        code (int | Unset):  Default: 0.
        message (str | Unset):  Default: 'success'.
    """

    data: SkillData
    code: int | Unset = 0
    message: str | Unset = "success"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        data = self.data.to_dict()

        code = self.code

        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "data": data,
            }
        )
        if code is not UNSET:
            field_dict["code"] = code
        if message is not UNSET:
            field_dict["message"] = message

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.skill_data import SkillData  # noqa: PLC0415

        d = dict(src_dict)
        data = SkillData.from_dict(d.pop("data"))

        code = d.pop("code", UNSET)

        message = d.pop("message", UNSET)

        enveloped_skill_data = cls(
            data=data,
            code=code,
            message=message,
        )

        enveloped_skill_data.additional_properties = d
        return enveloped_skill_data

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

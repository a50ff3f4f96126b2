"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scope import Scope

T = TypeVar("T", bound="UserRow")


@_attrs_define
class UserRow:
    """`scopes` is all that the user may do, `permissions` the words that the groups give.

    Attributes:
        username (str):
        is_admin (bool):
        disabled (bool):
        created_at (datetime.datetime):
        scopes (list[Scope]):
        groups (list[str]):
        permissions (list[str]):
    """

    username: str
    is_admin: bool
    disabled: bool
    created_at: datetime.datetime
    scopes: list[Scope]
    groups: list[str]
    permissions: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        username = self.username

        is_admin = self.is_admin

        disabled = self.disabled

        created_at = self.created_at.isoformat()

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item = scopes_item_data.value
            scopes.append(scopes_item)

        groups = self.groups

        permissions = self.permissions

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "username": username,
                "is_admin": is_admin,
                "disabled": disabled,
                "created_at": created_at,
                "scopes": scopes,
                "groups": groups,
                "permissions": permissions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        username = d.pop("username")

        is_admin = d.pop("is_admin")

        disabled = d.pop("disabled")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = Scope(scopes_item_data)

            scopes.append(scopes_item)

        groups = cast(list[str], d.pop("groups"))

        permissions = cast(list[str], d.pop("permissions"))

        user_row = cls(
            username=username,
            is_admin=is_admin,
            disabled=disabled,
            created_at=created_at,
            scopes=scopes,
            groups=groups,
            permissions=permissions,
        )

        user_row.additional_properties = d
        return user_row

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

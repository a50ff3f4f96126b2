"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scope import Scope

T = TypeVar("T", bound="DeviceRow")


@_attrs_define
class DeviceRow:
    """What the person is asked to confirm; `client` is what the program calls itself.

    `words` are those of OpenID Connect, for a client of INK's own issuer.

        Attributes:
            user_code (str):
            client (str):
            scopes (list[Scope]):
            words (list[str]):
            network (str):
            expires_at (datetime.datetime):
    """

    user_code: str
    client: str
    scopes: list[Scope]
    words: list[str]
    network: str
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        user_code = self.user_code

        client = self.client

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item = scopes_item_data.value
            scopes.append(scopes_item)

        words = self.words

        network = self.network

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "user_code": user_code,
                "client": client,
                "scopes": scopes,
                "words": words,
                "network": network,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user_code = d.pop("user_code")

        client = d.pop("client")

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = Scope(scopes_item_data)

            scopes.append(scopes_item)

        words = cast(list[str], d.pop("words"))

        network = d.pop("network")

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        device_row = cls(
            user_code=user_code,
            client=client,
            scopes=scopes,
            words=words,
            network=network,
            expires_at=expires_at,
        )

        device_row.additional_properties = d
        return device_row

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
